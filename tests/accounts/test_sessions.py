"""Sessions live on the server: they end there, by hand, by time and with the account."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.accounts import actions, passwords, throttle
from wesentra.app import create_app
from wesentra.models import UserSession, db
from wesentra.settings import Settings
from wesentra.web.csrf import SESSION_COOKIE


def is_in(client: FlaskClient) -> bool:
    """Whether the browser is still somebody's."""
    answer = client.get("/account/")
    assert answer.status_code in (200, 303)
    return answer.status_code == 200


@sqlite_only
def test_the_cookie_is_for_this_site_and_no_script(app: Flask) -> None:
    client = factories.browser(app)
    form = pages.visit(client, "/login").form("/login")
    answer = form.send(username=factories.user(app, "staff"), password=factories.PASSWORD)
    (cookie,) = (c for c in answer.headers.getlist("Set-Cookie") if SESSION_COOKIE + "=" in c)
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert not any(part.startswith(("Domain", "Expires", "Max-Age")) for part in parts)


@sqlite_only
def test_the_database_does_not_hold_the_token(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    cookie = client.get_cookie(SESSION_COOKIE, domain="localhost")
    assert cookie
    with app.app_context():
        assert cookie.value not in db.session.query(UserSession).one().token_hash


def test_signing_out_ends_the_session_on_the_server(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    cookie = client.get_cookie(SESSION_COOKIE, domain="localhost")
    assert cookie
    answer = pages.visit(client, "/account/").form("/logout").send()
    assert answer.location == "/login"
    client.set_cookie(SESSION_COOKIE, cookie.value, domain="localhost", secure=True)
    assert not is_in(client)


def test_a_session_ends_when_it_was_idle(app: Flask, settings: Settings) -> None:
    client = factories.signed_in(app, "staff")
    with clock.turned_to(clock.now() + timedelta(minutes=settings.session_idle_minutes - 1)):
        assert is_in(client)
    with clock.turned_to(clock.now() + timedelta(minutes=2 * settings.session_idle_minutes)):
        assert not is_in(client)


def test_working_keeps_a_session_open(app: Flask, settings: Settings) -> None:
    client = factories.signed_in(app, "staff")
    step = timedelta(minutes=settings.session_idle_minutes - 1)
    for times in (1, 2, 3):
        with clock.turned_to(clock.now() + times * step):
            assert is_in(client)


@pytest.mark.parametrize("minutes", [1, 5])
def test_working_keeps_a_short_session_open_too(settings: Settings, minutes: int) -> None:
    app = create_app(replace(settings, session_idle_minutes=minutes))
    client, start = factories.signed_in(app, "staff"), clock.now()
    for half_minutes in range(1, 20):
        with clock.turned_to(start + timedelta(seconds=30 * half_minutes)):
            assert is_in(client)


def test_sessions_that_are_over_are_not_kept(app: Flask, settings: Settings) -> None:
    factories.signed_in(app, "staff", name="early")
    with clock.turned_to(clock.now() + timedelta(hours=settings.session_hours, minutes=1)):
        factories.signed_in(app, "staff", name="late")
    with app.app_context():
        held = [row.user_id for row in db.session.query(UserSession)]
    assert held == [factories.user_id(app, "late")]


def test_who_lost_the_last_role_still_signs_out(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="mover")
    with factories.register(app):
        actions.revoke(actions.named("mover"), factories.Role.STAFF)
    answer = pages.visit(client, "/account/").form("/logout").send()
    assert answer.location == "/login"
    with app.app_context():
        assert db.session.query(UserSession).count() == 0


def test_no_session_is_longer_than_a_working_day(app: Flask, settings: Settings) -> None:
    client = factories.signed_in(app, "staff")
    start = clock.now()
    for half_hours in range(1, 2 * settings.session_hours):
        with clock.turned_to(start + timedelta(minutes=30 * half_hours)):
            assert is_in(client)
    with clock.turned_to(start + timedelta(hours=settings.session_hours, minutes=1)):
        assert not is_in(client)


def test_closing_an_account_ends_its_sessions_at_once(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="leaver")
    assert is_in(client)
    with factories.register(app):
        actions.disable(actions.named("leaver"))
    assert not is_in(client)


def test_a_role_that_ends_ends_in_open_sessions_too(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="mover")
    assert client.get("/contacts/").status_code == 200
    with factories.register(app):
        actions.revoke(actions.named("mover"), factories.Role.STAFF)
    assert client.get("/contacts/").status_code == 403


def test_a_new_password_ends_every_session(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="changer")
    other = factories.browser(app)
    factories.sign_in(other, "changer")
    form = pages.visit(client, "/account/").form("/account/password")
    answer = form.send(current_password=factories.PASSWORD, password="another long password")
    assert answer.location == "/login"
    assert not is_in(client)
    assert not is_in(other)
    factories.sign_in(other, "changer", "another long password")


def test_the_present_password_is_needed_for_a_new_one(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, "/account/").form("/account/password")
    answer = form.send(current_password="something else", password="another long password")
    assert answer.status_code == 422
    assert "The present password is not right." in pages.read(client, answer).text
    assert is_in(client)


def test_a_password_that_was_replaced_meanwhile_gives_no_new_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = factories.signed_in(app, "staff", name="changer")
    really = passwords.matches

    def slow(password: str, stored: str | None) -> bool:
        with factories.register(app):
            actions.set_password(actions.named("changer"), "another")
        return really(password, stored)

    monkeypatch.setattr(passwords, "matches", slow)
    form = pages.visit(client, "/account/").form("/account/password")
    answer = form.send(current_password=factories.PASSWORD, password="another long password")
    assert answer.status_code == 422
    with factories.register(app):
        assert actions.named("changer").password_hash == "another"


@sqlite_only
@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_that_is_not_ours_is_refused(app: Flask, token: str) -> None:
    client = factories.signed_in(app, "staff")
    assert client.post("/logout", data={"csrf_token": token}).status_code == 400
    assert is_in(client)


@sqlite_only
def test_a_token_of_another_session_is_refused(app: Flask) -> None:
    client, other = factories.signed_in(app, "staff"), factories.signed_in(app, "staff")
    token = pages.visit(other, "/account/").form("/logout").fields["csrf_token"]
    assert client.post("/logout", data={"csrf_token": token}).status_code == 400


@sqlite_only
def test_a_form_sent_from_another_site_is_refused(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, "/account/").form("/logout")
    assert form.send(headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert is_in(client)


@sqlite_only
def test_the_way_in_needs_a_token_as_well(app: Flask) -> None:
    data = {"username": factories.user(app, "staff"), "password": factories.PASSWORD}
    assert factories.browser(app).post("/login", data=data).status_code == 400


@sqlite_only
def test_wrong_present_passwords_are_slowed_down_like_those_of_signing_in(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="guesser")
    form = pages.visit(client, "/account/").form("/account/password")
    for _ in range(throttle.FREE - 1):
        form.send(current_password="a wrong one", password="another long password")
    wrong = form.send(current_password="a wrong one", password="another long password")
    assert "The present password is not right." in wrong.text
    assert [(e.operation, e.row.outcome) for e in factories.entries_of(app, wrong)] == [
        ("account", "denied")
    ]
    slowed = form.send(current_password=factories.PASSWORD, password="another long password")
    assert slowed.status_code == 422
    assert "Too many wrong tries." in slowed.text
    assert is_in(client)


@sqlite_only
def test_signing_in_again_ends_the_session_that_the_browser_had(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="twice")
    old = client.get_cookie(SESSION_COOKIE, domain="localhost")
    assert old
    token = pages.visit(client, "/account/").form("/logout").fields["csrf_token"]
    data = {"username": "twice", "password": factories.PASSWORD, "csrf_token": token}
    assert client.post("/login", data=data).status_code == 303
    assert is_in(client)
    client.set_cookie(SESSION_COOKIE, old.value, domain="localhost", secure=True)
    assert not is_in(client)
