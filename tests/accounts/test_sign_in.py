"""Coming in: by name and password only, slowly after wrong tries, and never led elsewhere."""

from datetime import timedelta

import pytest
from flask import Flask

from tests import factories, pages
from wesentra import clock
from wesentra.accounts import passwords, throttle
from wesentra.accounts.coming_in import own_path
from wesentra.models import User, db

WRONG = "not the password at all"


def sign_in(app: Flask, name: str, password: str, next_path: str = "") -> pages.Page:
    """What the form answers, in a browser of its own."""
    client = factories.browser(app)
    address = f"/login?next={next_path}" if next_path else "/login"
    answer = pages.visit(client, address).form("/login").send(username=name, password=password)
    return pages.read(client, answer)


def test_the_right_password_lets_in(app: Flask) -> None:
    name = factories.user(app, "staff")
    answer = sign_in(app, name, factories.PASSWORD).response
    assert (answer.status_code, answer.location) == (303, "/")
    assert [e.operation for e in factories.entries_of(app, answer)] == ["sign_in"]


def test_the_name_is_taken_in_any_case_of_letters(app: Flask) -> None:
    factories.user(app, "staff", name="aino.virtanen")
    assert sign_in(app, " Aino.Virtanen ", factories.PASSWORD).response.status_code == 303


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(app: Flask) -> None:
    name = factories.user(app, "staff")
    wrong = sign_in(app, name, WRONG)
    unknown = sign_in(app, "nobody", WRONG)
    assert wrong.response.status_code == unknown.response.status_code == 422
    assert "The user name or the password is not right." in wrong.text
    assert wrong.text == unknown.text


def test_a_wrong_password_is_an_entry_without_the_name_that_was_typed(app: Flask) -> None:
    answer = sign_in(app, "no-such-name", WRONG).response
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.row.outcome, entry.ids) == ("sign_in_failed", "denied", ())


def test_a_closed_account_stays_out(app: Flask) -> None:
    name = factories.user(app, "staff")
    with factories.register(app):
        user = db.session.query(User).filter_by(name=name).one()
        user.disabled_at = clock.now()
    assert sign_in(app, name, factories.PASSWORD).response.status_code == 422


def test_the_typed_password_does_not_come_back(app: Flask) -> None:
    assert WRONG not in sign_in(app, "nobody", WRONG).response.text


def _tried(app: Flask, name: str, times: int) -> None:
    with factories.register(app):
        for _ in range(times):
            throttle.failed(name, "127.0.0.1")


@pytest.mark.usefixtures("standing_clock")
def test_too_many_wrong_tries_of_a_name_are_slowed_down(app: Flask) -> None:
    name = factories.user(app, "staff")
    _tried(app, name, throttle.FREE)
    answer = sign_in(app, name, factories.PASSWORD)
    assert answer.response.status_code == 422
    assert "Too many wrong tries. Wait for 1 min" in answer.text


def test_others_at_the_same_address_are_not_slowed_down_with_it(app: Flask) -> None:
    name, colleague = factories.user(app, "staff"), factories.user(app, "staff")
    _tried(app, name, throttle.PER_SOURCE - 1)
    assert sign_in(app, colleague, factories.PASSWORD).response.status_code == 303


def test_guessing_many_names_from_one_address_is_slowed_down(app: Flask) -> None:
    name = factories.user(app, "staff")
    for number in range(throttle.PER_SOURCE):
        _tried(app, f"guess-{number}", 1)
    assert sign_in(app, name, factories.PASSWORD).response.status_code == 422


def test_after_the_longest_wait_one_may_try_again(app: Flask) -> None:
    name = factories.user(app, "staff")
    with clock.turned_to(clock.now() - throttle.LONGEST_WAIT - timedelta(seconds=1)):
        _tried(app, name, 100)
    assert sign_in(app, name, factories.PASSWORD).response.status_code == 303


@pytest.mark.usefixtures("standing_clock")
def test_a_wrong_try_is_counted_although_the_answer_refuses(app: Flask) -> None:
    name = factories.user(app, "staff")
    _tried(app, name, throttle.FREE - 1)
    assert "Wait" not in sign_in(app, name, WRONG).text
    assert "Wait" in sign_in(app, name, factories.PASSWORD).text


def test_one_comes_back_to_where_one_wanted_to_go(app: Flask) -> None:
    name = factories.user(app, "staff")
    answer = sign_in(app, name, factories.PASSWORD, "/contacts/")
    assert answer.response.location == "/contacts/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example/",
        "/\\evil.example/",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "/contacts\\..\\evil",
        "",
    ],
)
def test_nobody_is_led_to_another_site(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"


def test_a_call_that_came_while_signed_out_is_taken_after_sign_in(app: Flask) -> None:
    name = factories.user(app, "staff")
    client = factories.browser(app)
    wanted = "/call?number=+358401234567"
    sent_to = client.get(wanted)
    form = pages.visit(client, sent_to.location).form("/login")
    answer = form.send(username=name, password=factories.PASSWORD)
    assert answer.location == wanted
    assert "040 1234567" in pages.visit(client, answer.location).text


def test_a_foreign_next_of_the_form_leads_to_the_start_page(app: Flask) -> None:
    name = factories.user(app, "staff")
    client = factories.browser(app)
    form = pages.visit(client, "/login").form("/login")
    answer = form.send(username=name, password=factories.PASSWORD, next="//evil.example/")
    assert answer.location == "/"


@pytest.mark.parametrize("meanwhile", ["another password", "closed"])
def test_who_is_shut_out_while_the_password_is_verified_stays_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    name = factories.user(app, "staff")
    really = passwords.matches

    def slow(password: str, stored: str | None) -> bool:
        with factories.register(app):
            user = db.session.query(User).filter_by(name=name).one()
            if meanwhile == "closed":
                user.disabled_at = clock.now()
            else:
                user.password_hash = "another"
        return really(password, stored)

    monkeypatch.setattr(passwords, "matches", slow)
    answer = sign_in(app, name, factories.PASSWORD).response
    assert answer.status_code == 422
    assert "__Host-wesentra=" not in str(answer.headers)
