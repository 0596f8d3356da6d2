"""One's own sessions: seen, told apart, and ended in other browsers; nobody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.accounts import actions, browsers
from wesentra.app import create_app
from wesentra.models import UserSession, db
from wesentra.settings import Settings

PAGE = "/account/sessions/"
PHONE = (
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)


def comes_in(app: Flask, name: str, user_agent: str = "", source: str = "10.0.0.7") -> FlaskClient:
    client = factories.browser(app)
    client.environ_base |= {"HTTP_USER_AGENT": user_agent, "REMOTE_ADDR": source}
    factories.sign_in(client, name)
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/account/").status_code == 200


def test_one_sees_where_one_is_signed_in_and_ends_it_there(app: Flask) -> None:
    name = factories.user(app, "staff")
    here, phone = comes_in(app, name), comes_in(app, name, PHONE, "10.0.0.9")
    page = pages.visit(here, PAGE)
    assert "Chrome, Android" in page.text
    assert "10.0.0.9" in page.text
    assert page.text.count("this one") == 1
    (form,) = (form for form in page.forms if form.action.endswith("/end"))
    answer = form.send()
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert (is_in(here), is_in(phone)) == (True, False)
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.fields) == ("sign_out", ("elsewhere",))
    assert factories.entries_of(app, form.send()) == []


def test_signing_out_everywhere_else_leaves_this_one(app: Flask) -> None:
    name = factories.user(app, "staff")
    here, *others = (comes_in(app, name) for _ in range(4))
    answer = pages.visit(here, PAGE).form(PAGE + "end-others").send()
    assert [is_in(client) for client in (here, *others)] == [True, False, False, False]
    assert [e.fields for e in factories.entries_of(app, answer)] == [("everywhere_else",)]


def test_nobody_ends_or_sees_the_session_of_a_colleague(app: Flask) -> None:
    colleague = comes_in(app, factories.user(app, "staff"), PHONE, "10.0.0.66")
    with app.app_context():
        number = db.session.query(UserSession.id).scalar()
    client = comes_in(app, factories.user(app, "admin"))
    page = pages.visit(client, PAGE)
    assert "10.0.0.66" not in page.text
    token = page.form("/logout").fields["csrf_token"]
    for address in (f"{PAGE}{number}/end", f"{PAGE}end-others"):
        assert client.post(address, data={"csrf_token": token}).status_code == 303
    assert is_in(colleague)


def test_only_sessions_that_would_be_let_in_are_listed(app: Flask, settings: Settings) -> None:
    name = factories.user(app, "staff")
    comes_in(app, name, PHONE)
    later = clock.now() + timedelta(minutes=settings.session_idle_minutes + 1)
    with clock.turned_to(later):
        here = comes_in(app, name)
        assert "Android" not in pages.visit(here, PAGE).text


def test_the_page_says_the_limits_of_the_installation(settings: Settings) -> None:
    app = create_app(replace(settings, session_idle_minutes=17, session_hours=3))
    here = comes_in(app, factories.user(app, "staff"))
    text = pages.visit(here, PAGE).text
    assert "17 minutes without use, and 3 hours" in text


def test_who_has_no_role_left_can_still_sign_out_elsewhere(app: Flask) -> None:
    name = factories.user(app, "staff")
    here, there = comes_in(app, name), comes_in(app, name)
    with factories.register(app):
        actions.revoke(actions.named(name), factories.Role.STAFF)
    pages.visit(here, PAGE).form(PAGE + "end-others").send()
    assert not is_in(there)


@sqlite_only
def test_a_browser_that_says_nothing_or_nonsense_is_listed_as_not_known(app: Flask) -> None:
    name = factories.user(app, "staff")
    here = comes_in(app, name, "<script>alert(1)</script>" * 100)
    text = pages.visit(here, PAGE).response.text
    assert "not known" in text
    assert "alert(1)" not in text


@pytest.mark.parametrize(
    ("said", "family"),
    [
        (PHONE, "Chrome, Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
            "like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
            "Gecko) Version/19.0 Safari/605.1.15",
            "Safari, macOS",
        ),
        ("curl/8.9.1", ""),
        ("", ""),
    ],
)
def test_a_browser_is_known_by_its_family_and_system(said: str, family: str) -> None:
    assert browsers.family(said) == family


def test_signing_out_elsewhere_asks_who_one_is(app: Flask) -> None:
    """Whoever found an open screen does not shut its user out of all others."""
    name = factories.user(app, "staff")
    here, phone = comes_in(app, name), comes_in(app, name, PHONE)
    page = pages.visit(here, PAGE)
    (one,) = (form for form in page.forms if form.action.endswith("/end"))
    with clock.turned_to(clock.now() + timedelta(minutes=11)):
        for form in (one, page.form(PAGE + "end-others")):
            answer = form.send()
            assert answer.status_code == 303
            assert answer.location.startswith("/account/confirm/")
            assert is_in(phone)
        confirm = pages.visit(here, answer.location).form("/account/confirm/")
        assert confirm.send(password=factories.PASSWORD).location == PAGE.rstrip("/")
        assert pages.visit(here, PAGE).form(PAGE + "end-others").send().status_code == 303
        assert not is_in(phone)
