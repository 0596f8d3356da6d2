"""The administrator's pages: accounts come and go, links are shown once, nobody is seen."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, pages
from wesentra.accounts import queries
from wesentra.models import User, db

USERS = "/settings/users/"
CHOSEN = "kahvi ja pulla tiistaina"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """An administrator's browser."""
    return factories.signed_in(app, "admin", name="admin")


def test_a_new_user_chooses_a_password_by_the_link_that_was_shown(
    app: Flask, admin: FlaskClient
) -> None:
    form = pages.visit(admin, USERS + "new").form(USERS + "new")
    given = {"name": "Aino.V", "full_name": "Aino Virtanen", "roles": ["staff", "auditor"]}
    answer = form.send(**given, reason="new in customer service")
    assert answer.status_code == 200
    chosen(app, shown(answer.text))
    factories.sign_in(factories.browser(app), "aino.v", CHOSEN)
    fields = [entry.fields for entry in factories.entries_of(app, answer)]
    assert fields == [("created",), ("granted:staff",), ("granted:auditor",), ("link",)]


def shown(text: str) -> str:
    """The path of the link that stands on the page."""
    return urlsplit(text.partition("<code>")[2].partition("</code>")[0]).path


def chosen(app: Flask, path: str) -> None:
    """Somebody opens the link in a browser of their own and chooses a password."""
    page = pages.visit(factories.browser(app), path)
    answer = page.form(field="password").send(password=CHOSEN)
    assert (answer.status_code, answer.location) == (303, "/login")


def test_a_wrong_form_keeps_what_was_typed(admin: FlaskClient) -> None:
    answer = pages.visit(admin, USERS + "new").form(USERS + "new").send(name="x", full_name="Aino")
    page = pages.read(admin, answer)
    assert answer.status_code == 422
    assert page.form(USERS + "new").fields["full_name"] == "Aino"
    assert "Choose at least one role." in page.errors


def test_a_reset_ends_the_password_at_once_and_a_link_chooses_another(
    app: Flask, admin: FlaskClient
) -> None:
    name = factories.user(app, "staff")
    colleague = factories.browser(app)
    factories.sign_in(colleague, name)
    address = f"{USERS}{factories.user_id(app, name)}/reset"
    link = shown(pages.visit(admin, address).form(address).send().text)
    assert colleague.get("/account/").status_code == 303
    form = pages.visit(colleague, "/login").form("/login")
    assert form.send(username=name, password=factories.PASSWORD).status_code == 422
    chosen(app, link)
    factories.sign_in(colleague, name, CHOSEN)


def test_roles_are_given_and_ended_for_a_reason_that_stays(app: Flask, admin: FlaskClient) -> None:
    name = factories.user(app, "staff")
    address = f"{USERS}{factories.user_id(app, name)}"
    give = pages.visit(admin, address).form(address + "/grant")
    assert give.send(role="auditor").status_code == 422
    assert _roles(app, name) == ("staff",)
    give.send(role="auditor", reason="reviews in autumn")
    end = pages.visit(admin, address + "/revoke?role=auditor").form(address + "/revoke")
    assert end.fields["role"] == "auditor"
    assert end.send().status_code == 422
    end.send(reason="the reviews are done")
    text = pages.visit(admin, address).text
    assert "reviews in autumn" in text
    assert "the reviews are done" in text
    assert _roles(app, name) == ("staff",)


def _roles(app: Flask, name: str) -> tuple[str, ...]:
    with app.app_context():
        return queries.roles_on(factories.user_id(app, name))


def test_an_administrator_cannot_take_the_privacy_role(app: Flask, admin: FlaskClient) -> None:
    address = f"{USERS}{factories.user_id(app, 'admin')}"
    page = pages.visit(admin, address)
    assert not [form for form in page.forms if form.action.endswith("/grant")]
    token = page.form("/logout").fields["csrf_token"]
    answer = admin.post(
        address + "/grant", data={"csrf_token": token, "role": "privacy", "reason": "x"}
    )
    assert answer.status_code == 422
    assert "Nobody can give a role to themself" in answer.text
    assert _roles(app, "admin") == ("admin",)


def test_a_closed_account_is_said_to_be_closed(app: Flask, admin: FlaskClient) -> None:
    name = factories.user(app, "staff")
    address = f"{USERS}{factories.user_id(app, name)}"
    assert pages.visit(admin, address + "/disable").form(address + "/disable").send().location
    page = pages.visit(admin, address)
    assert "Closed" in page.text
    assert not [form for form in page.forms if form.action.startswith(address + "/")]


def test_the_last_administrator_is_told_why_not(app: Flask, admin: FlaskClient) -> None:
    address = f"{USERS}{factories.user_id(app, 'admin')}/disable"
    answer = pages.visit(admin, address).form(address).send()
    assert answer.status_code == 422
    assert "This is the last administrator." in answer.text


@pytest.mark.parametrize("role", ["staff", "privacy", "auditor"])
def test_only_the_administrator_sees_the_accounts(app: Flask, role: str) -> None:
    client = factories.signed_in(app, role)
    for address in (USERS, USERS + "new", USERS + "1", USERS + "1/reset", USERS + "1/disable"):
        assert client.get(address).status_code == 403


def test_an_administrator_sees_nobody(app: Flask, admin: FlaskClient) -> None:
    number = factories.person(app, "Marker", "Person", email="marker@example.fi")
    for address in (
        "/contacts/",
        f"/contacts/{number}",
        f"/contacts/{number}/edit/email",
        f"/contacts/{number}/delete",
        "/companies/",
        f"/interactions/new?contact={number}",
    ):
        answer = admin.get(address)
        assert answer.status_code == 403, address
        assert "Marker" not in answer.text
        found = factories.entries_of(app, answer)
        assert [entry.operation for entry in found] == ["denied"]
    for address in ("/", USERS, USERS + "1"):
        answer = admin.get(address)
        assert "Marker" not in answer.text
        assert not factories.subjects(factories.entries_of(app, answer))


def test_an_account_without_a_reason_for_its_roles_is_not_opened(admin: FlaskClient) -> None:
    form = pages.visit(admin, USERS + "new").form(USERS + "new")
    answer = form.send(name="aino", full_name="Aino", roles="staff", reason=" ")
    assert answer.status_code == 422
    assert pages.read(admin, answer).form(USERS + "new").fields["full_name"] == "Aino"
    assert "aino" not in pages.visit(admin, USERS).text.split()


@pytest.mark.parametrize(
    "mail",
    [
        "aino",
        "a b@x.fi",
        "a@x.fi, b@x.fi",
        "ä@x.fi",
        "a@x.fi\r\nCc: b@x.fi",
        "team:boss@x.fi",
        'a"b@x.fi',
        "a\\b@x.fi",
        "a\x00b@x.fi",
    ],
)
def test_an_address_that_no_mail_goes_to_is_refused(admin: FlaskClient, mail: str) -> None:
    form = pages.visit(admin, USERS + "new").form(USERS + "new")
    answer = form.send(name="aino", full_name="Aino", roles="staff", reason="new", mail=mail)
    assert answer.status_code == 422
    assert "This is no e-mail address." in answer.text


def test_a_new_register_has_no_account(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalars(select(User.name)).all() == []
