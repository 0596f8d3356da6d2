"""A password that somebody else got to know lets nobody in: the app, its codes, and paper."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, pages
from tests.accounts.authenticating import (
    PAGE,
    code,
    first_step,
    recovery_codes,
    set_up,
    shown_secret,
    somebody,
)
from tests.accounts.test_roles import while_another
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.accounts import authenticators, passwords, sealing, throttle
from wesentra.accounts.actions import named, set_password
from wesentra.models import Authenticator, RecoveryCode, SignInAttempt, UserSession, db
from wesentra.web.csrf import SESSION_COOKIE

WRONG = "The code is not right."


def sessions_of(app: Flask, name: str = "aino") -> int:
    number = factories.user_id(app, name)
    with app.app_context():
        return db.session.query(UserSession).filter_by(user_id=number).count()


def later(**given: float) -> timedelta:
    return clock.now() + timedelta(**given)


# --- coming in ------------------------------------------------------------------------------


def test_after_the_password_the_code_is_asked_and_there_is_no_session_before(app: Flask) -> None:
    secret, _ = somebody(app, "staff")
    before = sessions_of(app)
    client = factories.browser(app)
    form = first_step(client)
    assert sessions_of(app) == before
    assert client.get_cookie(SESSION_COOKIE, domain="localhost") is None
    assert client.get("/contacts/").status_code == 303
    answer = form.send(code=code(secret, 1))
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/contacts/").status_code == 200
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.fields) == ("sign_in", ("code",))


def test_who_has_no_second_factor_is_not_asked(app: Flask) -> None:
    somebody(app, "staff")
    factories.signed_in(app, "staff")


def test_a_wrong_code_lets_nobody_in_and_is_an_entry(app: Flask) -> None:
    somebody(app, "staff")
    client = factories.browser(app)
    answer = first_step(client).send(code="000000")
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert client.get_cookie(SESSION_COOKIE, domain="localhost") is None
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.row.outcome, entry.fields) == (
        "sign_in_failed",
        "denied",
        ("code",),
    )


@pytest.mark.parametrize("typed", ["", " ", "١٢٣٤٥٦", "12345", "1234567", "x" * 41, "🦔", "0" * 6])
def test_what_is_no_code_is_refused_and_not_shown_again(app: Flask, typed: str) -> None:
    somebody(app, "staff")
    answer = first_step(factories.browser(app)).send(code=typed)
    assert answer.status_code == 422
    assert pages.read(factories.browser(app), answer).form("/login/code").fields["code"] == ""


def test_a_code_is_taken_with_a_space_in_the_middle(app: Flask) -> None:
    secret, _ = somebody(app, "staff")
    typed = code(secret, 1)
    answer = first_step(factories.browser(app)).send(code=f" {typed[:3]} {typed[3:]} ")
    assert answer.status_code == 303


def test_a_code_that_somebody_saw_is_worth_nothing_after_it_was_used(app: Flask) -> None:
    secret, _ = somebody(app, "staff")
    seen = code(secret, 1)
    assert first_step(factories.browser(app)).send(code=seen).status_code == 303
    assert first_step(factories.browser(app)).send(code=seen).status_code == 422
    assert first_step(factories.browser(app)).send(code=code(secret)).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_clock_may_be_half_a_minute_wrong_and_no_more(
    app: Flask, steps: int, status: int
) -> None:
    secret, _ = somebody(app, "staff")
    with clock.turned_to(later(minutes=5)):
        assert (
            first_step(factories.browser(app)).send(code=code(secret, steps)).status_code == status
        )


def test_of_two_who_send_one_code_at_once_one_comes_in(app: Flask) -> None:
    """The second waits for the first and finds the code taken."""
    secret, _ = somebody(app, "staff")
    seen, took = code(secret, 1), []

    def take() -> None:
        found = authenticators.held(named("aino").id, to_use=True)
        assert found
        took.append(authenticators.takes(found, seen))
        db.session.flush()

    while_another(app, take, take)
    assert sorted(took) == [False, True]


# --- guessing -------------------------------------------------------------------------------


@pytest.mark.usefixtures("standing_clock")
def test_wrong_codes_are_slowed_down_and_a_right_password_forgets_none(app: Flask) -> None:
    secret, _ = somebody(app, "staff")
    client = factories.browser(app)
    for _ in range(throttle.FREE):
        assert WRONG in first_step(client).send(code="000000").text
    answer = first_step(client).send(code=code(secret, 1))
    assert answer.status_code == 422
    assert "Too many wrong tries" in answer.text


@pytest.mark.usefixtures("standing_clock")
def test_who_knows_the_password_gets_no_more_guesses_from_many_addresses(app: Flask) -> None:
    """Only where a right code came from before, there are others."""
    secret, _ = somebody(app, "staff")

    def typed(source: str, code_: str) -> str:
        client = factories.browser(app)
        client.environ_base["REMOTE_ADDR"] = source
        return first_step(client).send(code=code_).text

    for number in range(throttle.FREE):
        assert WRONG in typed(f"192.0.2.{number}", "000000")
    assert "Too many wrong tries" in typed("192.0.2.99", code(secret, 1))
    assert "Too many wrong tries" not in typed("127.0.0.1", code(secret, 1))


def test_wrong_passwords_of_a_stranger_do_not_keep_the_owner_from_the_code(app: Flask) -> None:
    secret, _ = somebody(app, "staff")
    form = first_step(factories.browser(app))
    with factories.register(app):
        for _ in range(throttle.FREE + 1):
            throttle.failed("aino", "192.0.2.1")
    assert form.send(code=code(secret, 1)).status_code == 303


@pytest.mark.usefixtures("standing_clock")
@pytest.mark.parametrize("typed", ["aino code", " AINO Code "])
def test_nobody_without_the_password_uses_up_the_tries_of_codes(app: Flask, typed: str) -> None:
    """By typing as a user name what they are counted under."""
    secret, _ = somebody(app, "staff")
    guesser = factories.browser(app)
    guesser.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    for _ in range(throttle.FREE + 1):
        form = pages.visit(guesser, "/login").form("/login")
        assert form.send(username=typed, password="x" * 12).status_code == 422
    owner = factories.browser(app)
    owner.environ_base["REMOTE_ADDR"] = "192.0.2.2"
    assert first_step(owner).send(code=code(secret, 1)).status_code == 303


def test_setting_up_counts_as_no_wrong_try_also_when_it_is_sent_twice(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="aino")
    pages.visit(client, PAGE).form(PAGE + "begin").send()
    secret = shown_secret(client)
    form = pages.visit(client, PAGE).form(PAGE + "confirm")
    assert form.send(code=code(secret)).status_code == 200
    assert "There is no second factor to confirm" in form.send(code=code(secret)).text
    with app.app_context():
        assert db.session.query(SignInAttempt).count() == 0


# --- the ticket between the two steps ---------------------------------------------------------


def test_the_second_step_of_one_browser_is_worth_nothing_in_another(app: Flask) -> None:
    secret, _ = somebody(app, "staff")
    ticket = first_step(factories.browser(app)).fields["ticket"]
    thief = factories.browser(app)
    form = pages.visit(thief, "/login").form("/login")
    answer = thief.post(
        "/login/code",
        data={**form.fields, "ticket": ticket, "code": code(secret, 1)},
    )
    assert answer.status_code == 422
    assert "That took too long" in answer.text


def test_a_ticket_is_nobody_else_s(app: Flask) -> None:
    """The code of one's own app does not open a colleague's account."""
    secret, _ = somebody(app, "staff")
    somebody(app, "admin", name="boss")
    form = first_step(factories.browser(app))
    number, rest = form.fields["ticket"].split(".", 1)
    assert int(number) == factories.user_id(app, "aino")
    answer = form.send(ticket=f"{factories.user_id(app, 'boss')}.{rest}", code=code(secret, 1))
    assert "That took too long" in answer.text


@pytest.mark.parametrize(
    "ticket",
    ["", "1", "1.2", "1.2.3", "-1.x.y", "1.99999999999999.z", "9" * 400, "1.²." + "ä" * 64],
)
def test_what_is_no_ticket_leads_back_to_the_password(app: Flask, ticket: str) -> None:
    secret, _ = somebody(app, "staff")
    form = first_step(factories.browser(app))
    answer = form.send(ticket=ticket, code=code(secret, 1))
    assert answer.status_code == 422
    assert "That took too long" in answer.text


def test_a_ticket_grows_old(app: Flask) -> None:
    secret, _ = somebody(app, "staff")
    form = first_step(factories.browser(app))
    with clock.turned_to(later(minutes=10, seconds=2)):
        assert "That took too long" in form.send(code=code(secret)).text


@pytest.mark.parametrize("meanwhile", ["another password", "closed"])
def test_a_ticket_ends_with_the_password_and_with_the_account(app: Flask, meanwhile: str) -> None:
    secret, _ = somebody(app, "staff")
    form = first_step(factories.browser(app))
    with factories.register(app):
        if meanwhile == "closed":
            named("aino").disabled_at = clock.now()
        else:
            set_password(named("aino"), passwords.hashed("something else entirely"))
    assert "That took too long" in form.send(code=code(secret, 1)).text


def test_nobody_is_led_to_another_site_after_the_code(app: Flask) -> None:
    secret, _ = somebody(app, "staff")
    form = first_step(factories.browser(app))
    assert form.send(code=code(secret, 1), next="//evil.example/").location == "/"


def test_one_comes_back_to_where_one_wanted_to_go(app: Flask) -> None:
    secret, _ = somebody(app, "staff")
    form = first_step(factories.browser(app), next_path="/contacts/")
    assert form.send(code=code(secret, 1)).location == "/contacts/"


def test_a_form_that_was_open_goes_along_through_both_steps(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="aino")
    secret, _ = set_up(client)
    person = factories.person(app)
    form = pages.visit(client, f"/tasks/new?contact={person}").form("/tasks/new")
    with factories.register(app):
        db.session.query(UserSession).delete()
    sign_in = pages.read(client, form.send(text='Kysy "hinta"')).form("/login")
    step = pages.read(client, sign_in.send(username="aino", password=factories.PASSWORD))
    wrong = pages.read(client, step.form("/login/code").send(code="000000"))
    going_on = wrong.form("/login/code").send(code=code(secret, 1))
    again = pages.read(client, going_on).form("/tasks/new")
    assert again.fields["text"] == 'Kysy "hinta"'
    assert again.send().status_code == 303


# --- paper ----------------------------------------------------------------------------------


def test_each_recovery_code_lets_in_once(app: Flask) -> None:
    _, codes = somebody(app, "staff")
    assert len(set(codes)) == 10
    typed = codes[0].upper().replace("-", " ")
    answer = first_step(factories.browser(app)).send(code=typed)
    assert answer.status_code == 303
    (entry,) = factories.entries_of(app, answer)
    assert entry.fields == ("recovery_code",)
    assert first_step(factories.browser(app)).send(code=codes[0]).status_code == 422
    assert first_step(factories.browser(app)).send(code=codes[1]).status_code == 303


def test_a_recovery_code_is_nobody_else_s(app: Flask) -> None:
    _, codes = somebody(app, "staff")
    somebody(app, "staff", name="boss")
    assert first_step(factories.browser(app), "boss").send(code=codes[0]).status_code == 422


def test_new_codes_take_the_place_of_the_old_ones(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="aino")
    _, old = set_up(client)
    form = pages.visit(client, PAGE).form(PAGE + "change")
    answer = form.send(code=old[0])
    new = recovery_codes(answer)
    assert len(new) == 10
    assert not set(old) & set(new)
    assert [e.fields for e in factories.entries_of(app, answer)] == [("recovery_codes",)]
    assert first_step(factories.browser(app)).send(code=old[1]).status_code == 422
    assert first_step(factories.browser(app)).send(code=new[1]).status_code == 303


def test_codes_are_shown_once(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    _, codes = set_up(client)
    assert not any(one in client.get(PAGE).text for one in codes)


# --- setting up and taking away ----------------------------------------------------------------


def test_it_does_not_count_before_its_first_code(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="aino")
    pages.visit(client, PAGE).form(PAGE + "begin").send()
    assert pages.visit(client, PAGE).form(PAGE + "confirm").send(code="000000").status_code == 422
    factories.sign_in(factories.browser(app), "aino")


def test_a_key_that_waits_is_not_shown_to_who_passes_by(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    pages.visit(client, PAGE).form(PAGE + "begin").send()
    assert shown_secret(client)
    with clock.turned_to(later(minutes=11)):
        assert shown_secret(client) == ""


def test_beginning_again_makes_another_key(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, PAGE).form(PAGE + "begin")
    form.send()
    first = shown_secret(client)
    form.send()
    assert shown_secret(client) not in ("", first)


def test_what_counts_is_not_replaced_without_one_of_its_codes(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, PAGE).form(PAGE + "begin")
    set_up(client)
    assert form.send().status_code == 422
    assert shown_secret(client) == ""


def test_setting_it_up_ends_the_sessions_that_came_in_without(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="aino")
    other = factories.browser(app)
    factories.sign_in(other, "aino")
    set_up(client)
    assert other.get("/account/").status_code == 303
    assert client.get("/account/").status_code == 200
    said = [(one.operation, one.fields) for one in factories.entries(app)]
    assert ("sign_out", ("everywhere_else",)) in said


def remove(client: FlaskClient, typed: str) -> int:
    form = pages.visit(client, PAGE).form(PAGE + "change")
    form.names.append("do")
    return form.send(code=typed, do="remove").status_code


def test_taking_it_away_asks_for_a_code(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="aino")
    _, codes = set_up(client)
    for typed in ("", "000000", factories.PASSWORD):
        assert remove(client, typed) == 422
    assert remove(client, codes[0]) == 303
    factories.sign_in(factories.browser(app), "aino")
    with app.app_context():
        assert db.session.query(RecoveryCode).count() == 0


def test_what_happened_stands_in_the_log_by_codes_only(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="aino")
    secret, codes = set_up(client)
    remove(client, codes[0])
    fields = [entry.fields for entry in factories.entries(app) if entry.operation == "account"]
    assert fields[-2:] == [("second_factor",), ("second_factor_removed",)]
    said = repr([entry.row.__dict__ for entry in factories.entries(app)])
    assert not any(one in said for one in (secret, *codes))


def test_the_database_alone_opens_nothing(app: Flask) -> None:
    secret, codes = somebody(app, "staff")
    with app.app_context():
        held = db.session.scalars(select(Authenticator)).one()
        hashes = db.session.scalars(select(RecoveryCode.code_hash)).all()
        assert secret not in held.sealed
        assert not any(one[:5] in "".join(hashes) for one in codes)
        assert sealing.opened(held.sealed, "authenticator of user 0") is None


@sqlite_only
def test_under_another_secret_of_the_installation_no_code_is_taken(app: Flask) -> None:
    secret, codes = somebody(app, "staff")
    app.secret_key = "f" * 64
    for typed in (code(secret, 1), codes[0]):
        assert first_step(factories.browser(app)).send(code=typed).status_code == 422


# --- a lost telephone -----------------------------------------------------------------------


def take_away(app: Flask, admin: FlaskClient, name: str) -> tuple[int, str]:
    address = f"/settings/users/{factories.user_id(app, name)}/second-factor/reset"
    answer = pages.visit(admin, address).form(address).send()
    return answer.status_code, answer.headers["X-Request-ID"]


def test_an_administrator_takes_a_lost_factor_away(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="aino")
    set_up(client)
    admin = factories.signed_in(app, "admin")
    status, request = take_away(app, admin, "aino")
    assert status == 303
    assert [entry.fields for entry in factories.entries(app, request)] == [
        ("second_factor_removed",)
    ]
    assert client.get("/account/").status_code == 303
    factories.sign_in(factories.browser(app), "aino")


def test_an_administrator_does_not_get_rid_of_their_own_that_way(app: Flask) -> None:
    admin = factories.signed_in(app, "admin", name="aino")
    set_up(admin)
    assert take_away(app, admin, "aino")[0] == 422
    assert first_step(factories.browser(app)).names


def test_there_is_nothing_to_take_from_who_has_none(app: Flask) -> None:
    factories.user(app, "staff", name="aino")
    assert take_away(app, factories.signed_in(app, "admin"), "aino")[0] == 422


def test_no_code_means_no_way_in_by_another_door(app: Flask) -> None:
    """The ticket opens nothing by itself, whatever it is sent as."""
    somebody(app, "staff")
    client = factories.browser(app)
    ticket = first_step(client).fields["ticket"]
    client.set_cookie(SESSION_COOKIE, ticket, domain="localhost", secure=True)
    assert client.get("/contacts/").status_code == 303
