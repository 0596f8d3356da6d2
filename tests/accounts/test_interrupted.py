"""A form whose session has ended: what was typed goes along through the sign-in, nowhere else."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from tests import factories, pages
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.models import Contact, Task, UserSession, db
from wesentra.models.attribution import seen_by_program
from wesentra.web import interrupted
from wesentra.web.csrf import SESSION_COOKIE

pytestmark = sqlite_only
TYPED = 'Soita "Ainolle" & <b>kysy</b>\nhintaa'


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of somebody of the staff."""
    return factories.signed_in(app, "staff", name="minna")


@pytest.fixture
def form(app: Flask, client: FlaskClient) -> pages.Form:
    """A form that is open in it when the session ends."""
    person = factories.person(app)
    found = pages.visit(client, f"/interactions/new?contact={person}").form("/interactions/new")
    end_sessions(app)
    return found


def test_what_somebody_else_typed_does_not_go_on_to_who_signs_in(
    app: Flask, client: FlaskClient
) -> None:
    """One browser, two people: the session of the first one has only grown too old."""
    factories.user(app, "staff", name="toinen")
    person = factories.person(app)
    form = pages.visit(client, f"/interactions/new?contact={person}").form("/interactions/new")
    with factories.register(app):
        long_ago = clock.now() - timedelta(hours=3)
        db.session.execute(update(UserSession).values(seen_at=long_ago))
    answer = form.send(summary=TYPED)
    assert answer.status_code == 401
    right = sign_in(client, answer, username="toinen")
    assert right.status_code == 303
    assert "Ainolle" not in right.text


def end_sessions(app: Flask) -> None:
    with factories.register(app):
        db.session.execute(delete(UserSession))


def sign_in(client: FlaskClient, answer: TestResponse, **values: Any) -> TestResponse:
    """Fill in the sign-in page that came as an answer."""
    given = {"username": "minna", "password": factories.PASSWORD, **values}
    return pages.read(client, answer).form("/login").send(**given)


def test_what_was_typed_can_be_sent_after_signing_in(
    app: Flask, client: FlaskClient, form: pages.Form
) -> None:
    answer = form.send(summary=TYPED)
    assert answer.status_code == 401
    assert "what you typed goes along" in answer.text
    assert factories.entries_of(app, answer) == []
    wrong = sign_in(client, answer, password="not this one")
    assert wrong.status_code == 422
    right = sign_in(client, wrong)
    assert [entry.operation for entry in factories.entries_of(app, right)] == ["sign_in"]
    assert "<b>" not in answer.text + wrong.text + right.text
    again = pages.read(client, right).form("/interactions/new")
    assert again.fields["summary"] == TYPED
    assert again.fields["csrf_token"] != form.fields["csrf_token"]
    saved = again.send()
    assert saved.status_code == 303
    page = pages.visit(client, saved.location)
    assert '"Ainolle" & <b>kysy</b>' in page.text


def test_a_form_of_somebody_who_signed_out_elsewhere_goes_along_too(
    client: FlaskClient, form: pages.Form
) -> None:
    client.delete_cookie(SESSION_COOKIE, domain="localhost")
    answer = form.send(summary=TYPED, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 401
    assert sign_in(client, answer).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_of_another_site_does_not_go_along(
    client: FlaskClient, form: pages.Form, site: str
) -> None:
    form.fields["csrf_token"] = "0" * 64
    answer = form.send(summary=TYPED, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 303
    assert answer.location.startswith("/login")


def test_the_permission_is_asked_when_it_is_sent_again(
    app: Flask, client: FlaskClient, form: pages.Form
) -> None:
    factories.user(app, "auditor", name="tarkastaja")
    answer = sign_in(client, form.send(summary=TYPED), username="tarkastaja")
    assert pages.read(client, answer).form("/interactions/new").send().status_code == 403


def test_passwords_files_and_large_forms_do_not_go_along(app: Flask, client: FlaskClient) -> None:
    token = pages.visit(client, "/account/").form("/logout").fields["csrf_token"]
    end_sessions(app)
    for address, data in (
        ("/account/password", {"current_password": "x", "password": "y"}),
        ("/contacts/new", {"family_name": "x", "Password": "y"}),
        ("/contacts/new", {"note": "x" * interrupted.LARGEST}),
        ("/imports/", {"file": (BytesIO(b"x"), "list.csv")}),
        ("/logout", {}),
    ):
        answer = client.post(address, data={"csrf_token": token, **data})
        assert answer.status_code == 303, address
        assert answer.location.startswith("/login"), address


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example/contacts/new",
        "https://evil.example/contacts/new",
        "/\\evil.example/contacts/new",
        "javascript:alert(1)",
        "/contacts/",
        "/login",
        "/logout",
        "/account/password",
        "/nowhere",
        "/contacts/new?\n",
        "",
    ],
)
def test_the_way_on_leads_only_to_forms_of_this_house(
    client: FlaskClient, form: pages.Form, to: str
) -> None:
    answer = sign_in(client, form.send(), to=to)
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("typed", ["password=x", "a=" + "x" * interrupted.LARGEST])
def test_what_would_not_have_gone_along_does_not_come_out(
    client: FlaskClient, form: pages.Form, typed: str
) -> None:
    assert sign_in(client, form.send(), typed=typed).status_code == 303


def test_a_token_of_the_sender_does_not_come_along(client: FlaskClient, form: pages.Form) -> None:
    answer = sign_in(client, form.send(), typed="csrf_token=stolen&summary=x")
    assert answer.status_code == 200
    assert "stolen" not in answer.text


def test_nothing_is_stored_or_shown_before_it_is_sent_again(
    app: Flask, client: FlaskClient, form: pages.Form
) -> None:
    answer = sign_in(client, form.send(next_step="call", summary=TYPED))
    assert "Virtanen" not in pages.read(client, answer).text
    with factories.register(app):
        seen = seen_by_program("test")
        assert db.session.scalars(select(Task.id), execution_options=seen).all() == []
        assert len(db.session.scalars(select(Contact.id), execution_options=seen).all()) == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_htmx_says_it_on_the_page_that_stays(app: Flask, client: FlaskClient, method: str) -> None:
    address = f"/contacts/{factories.person(app)}/edit/phone"
    end_sessions(app)
    answer = getattr(client, method)(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#flash")
    page = pages.read(client, answer)
    assert page.ids == ["errors-signed_out"]
    (link,) = page.links
    assert (link.href, link.attributes["target"]) == ("/login", "_blank")


@pytest.mark.parametrize("before", ["nobody", "a session that is gone"])
def test_what_somebody_left_at_the_sign_in_gives_the_administrator_nothing_to_send(
    app: Flask, before: str
) -> None:
    """A colleague sends a role for themself without a session, and leaves the page there is."""
    colleague = factories.user_id(app, factories.user(app, "staff"))
    shared = factories.browser(app)
    if before != "nobody":
        factories.sign_in(shared, factories.user(app, "staff"))
        end_sessions(app)
    address = f"/settings/users/{colleague}/grant"
    planted = shared.post(
        address,
        data={"role": "admin", "reason": "as agreed"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    answer = sign_in(shared, planted, username=factories.user(app, "admin"))
    assert (answer.status_code, answer.location) == (303, "/")


def test_one_s_own_form_about_an_account_goes_along(app: Flask) -> None:
    """The session has only grown too old, so it tells whose form it is."""
    client = factories.signed_in(app, "admin", name="pomo")
    form = pages.visit(client, "/settings/users/new").form("/settings/users/new")
    with factories.register(app):
        long_ago = clock.now() - timedelta(hours=3)
        db.session.execute(update(UserSession).values(seen_at=long_ago))
    answer = sign_in(client, form.send(name="uusi"), username="pomo")
    assert pages.read(client, answer).form("/settings/users/new").fields["name"] == "uusi"
