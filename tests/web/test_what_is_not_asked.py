"""A form sets what it shows, whatever else is sent with it."""

from flask import Flask
from sqlalchemy import select

from tests import factories, pages
from tests.browser.houses import held
from wesentra.models import Contact, RoleGrant, User, UserSession, db

MORE = {
    "id": "4711",
    "user_id": "1",
    "name": "root",
    "full_name": "Somebody Else",
    "mail": "a@b.fi",
    "password_hash": "",
    "disabled_at": "2020-01-01",
    "roles": "admin",
    "role": "admin",
    "informed": "1",
    "fresh_at": "2099-01-01",
    "created_at": "2020-01-01",
    "version": "9",
    "pending_import_id": "1",
    "owner_id": "1",
    "sort_key": "0",
    "company_id": "1",
}
"""Columns of accounts, sessions and contacts that none of the forms below has."""


def test_a_form_sets_nothing_that_it_does_not_show(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="aino")
    other = factories.person(app)
    before = vars(held(app, User, name="aino")[0])
    form = pages.visit(client, "/account/").form("/account/settings")
    sent = {**MORE, **form.fields, "language": "sv"}
    assert client.post("/account/settings", data=sent).status_code == 303
    after = vars(held(app, User, name="aino")[0])
    changed = {key for key in before if key[0] != "_" and before[key] != after[key]}
    assert changed == {"language"}
    address = f"/contacts/{other}/edit/phone"
    shown = vars(held(app, Contact, id=other)[0])
    form = pages.visit(client, address).form(address)
    sent = {**MORE, **form.fields, "value": "040 1234567"}
    assert client.post(address, data=sent).status_code == 303
    now = vars(held(app, Contact, id=other)[0])
    changed = {key for key in shown if key[0] != "_" and shown[key] != now[key]}
    assert changed <= {"phone", "updated_at", "version"}
    assert now["version"] == shown["version"] + 1
    with app.app_context():
        assert list(db.session.scalars(select(RoleGrant.role))) == ["staff"]
        assert len(db.session.scalars(select(UserSession.id)).all()) == 1
