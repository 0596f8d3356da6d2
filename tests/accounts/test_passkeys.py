"""Passkeys by hand: what no device has signed opens nothing. What one has, tests/browser."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.accounts.authenticating import code, set_up
from wesentra import clock
from wesentra.accounts import challenges, throttle
from wesentra.models import Passkey, User, db
from wesentra.refusal import Refused
from wesentra.web.csrf import SESSION_COOKIE, VISITOR_COOKIE

PAGE = "/account/passkeys/"
NONSENSE = [
    "",
    "x",
    "null",
    "[]",
    "{}",
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": '
    '{"clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": '
    '{"clientDataJSON": "AA", "attestationObject": "o2"}}',
    "[" * 20_000,
]


def asking(client: FlaskClient) -> pages.Form:
    """The form that a passkey would fill in."""
    token = pages.visit(client, "/login").form("/login").fields["csrf_token"]
    answer = client.post("/login/passkey/", data={"csrf_token": token, "next": "/contacts/"})
    assert answer.status_code == 200
    return pages.read(client, answer).form("/login/passkey/check")


@pytest.mark.parametrize("said", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_lets_nobody_in_and_is_an_entry(app: Flask, said: str) -> None:
    client = factories.browser(app)
    answer = asking(client).send(credential=said)
    assert answer.status_code == 422
    assert client.get_cookie(SESSION_COOKIE, domain="localhost") is None
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.row.outcome, entry.fields) == (
        "sign_in_failed",
        "denied",
        ("passkey",),
    )


@pytest.mark.parametrize("said", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_no_passkey(app: Flask, said: str) -> None:
    client = factories.signed_in(app, "staff")
    secret, _ = set_up(client)
    form = pages.visit(client, PAGE).form(PAGE)
    assert form.send(name="laptop", code=code(secret, 1), credential=said).status_code == 422
    assert passkeys(app) == []
    # The code is used up all the same.
    again = pages.visit(client, PAGE).form(PAGE).send(name="x", code=code(secret, 1))
    assert "The code is not right." in again.text


def passkeys(app: Flask) -> list[str]:
    with app.app_context():
        return [row.name for row in db.session.query(Passkey)]


@pytest.mark.parametrize("ticket", ["", "a.b", "a.1.c", "..", "AA.9999999999." + "0" * 64])
def test_a_challenge_that_we_did_not_give_is_not_taken(app: Flask, ticket: str) -> None:
    answer = asking(factories.browser(app)).send(ticket=ticket, credential="{}")
    assert answer.status_code == 422
    assert "That took too long" in answer.text


@pytest.mark.usefixtures("standing_clock")
def test_a_challenge_is_taken_once_in_one_browser_for_a_while(app: Flask) -> None:
    client = factories.browser(app)
    form = asking(client)
    assert "That took too long" not in form.send(credential="{}").text
    assert "That took too long" in form.send(credential="{}").text
    other = asking(factories.browser(app))
    assert "That took too long" in other.send(ticket=asking(client).fields["ticket"]).text
    late = asking(client)
    with clock.turned_to(clock.now() + timedelta(minutes=11)):
        assert "That took too long" in late.send(credential="{}").text


def test_a_challenge_for_a_new_passkey_is_none_for_signing_in(app: Flask) -> None:
    """In the same browser, by the same secret: each use has its own seal."""
    cookie = {"Cookie": f"{VISITOR_COOKIE}=one"}
    with factories.register(app), app.test_request_context(headers=cookie):
        for use, other in (("create", "get"), ("get", "create")):
            made = challenges.new(use)
            with pytest.raises(Refused, match="too long"):
                challenges.taken(other, made.ticket)
            assert challenges.taken(use, made.ticket) == made.value


def test_without_a_code_no_passkey_is_added(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    set_up(client)
    answer = pages.visit(client, PAGE).form(PAGE).send(name="laptop", code="000000")
    assert "The code is not right." in answer.text


def test_without_the_app_there_is_none(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    page = pages.visit(client, PAGE)
    assert "Set up the app on your telephone first." in page.text
    token = page.form("/logout").fields["csrf_token"]
    data = {"csrf_token": token, "name": "laptop", "code": "123456"}
    assert client.post(PAGE, data=data).status_code == 422


@pytest.fixture
def held(app: Flask) -> int:
    """A passkey of somebody else."""
    factories.user(app, "staff", name="owner")
    with factories.register(app):
        owner = db.session.query(User).filter_by(name="owner").one()
        given = {"credential_id": "AA", "public_key": b"x", "sign_count": 0}
        row = Passkey(user_id=owner.id, name="laptop", made_at=clock.now(), **given)
        db.session.add(row)
        db.session.flush()
        return row.id


def test_nobody_takes_away_another_s(app: Flask, held: int) -> None:
    client = factories.signed_in(app, "admin", "staff", "privacy")
    token = pages.visit(client, PAGE).form("/logout").fields["csrf_token"]
    answer = client.post(f"{PAGE}{held}/remove", data={"csrf_token": token})
    assert answer.status_code == 404
    assert passkeys(app) == ["laptop"]


def test_one_s_own_goes(app: Flask, held: int) -> None:
    client = factories.browser(app)
    factories.sign_in(client, "owner")
    answer = pages.visit(client, PAGE).form(f"{PAGE}{held}/remove").send()
    assert answer.status_code == 303
    assert [e.fields for e in factories.entries_of(app, answer)] == [("passkey_removed",)]
    assert passkeys(app) == []


def test_with_the_second_factor_the_passkeys_go(app: Flask, held: int) -> None:
    client = factories.browser(app)
    factories.sign_in(client, "owner")
    set_up(client)
    admin = factories.signed_in(app, "admin")
    address = f"/settings/users/{factories.user_id(app, 'owner')}/second-factor/reset"
    assert pages.visit(admin, address).form(address).send().status_code == 303
    assert passkeys(app) == []


def test_nonsense_does_not_fill_the_log(app: Flask) -> None:
    """Nobody has to know anything to send it, so an address gets so many entries and no more."""
    client = factories.browser(app)
    form, before = asking(client), len(factories.entries(app))
    for _ in range(throttle.PER_SOURCE + 5):
        form.send(credential="{}")
    assert len(factories.entries(app)) - before == throttle.PER_SOURCE
