"""Fixture: a session that outlives the server, for clients that speak HTTPS to it."""

import pytest
from flask import Flask

from tests import factories, pages
from wesentra.models import db

PEOPLE = 16


@pytest.fixture
def session(app: Flask) -> dict[str, str]:
    """Cookie and form token of somebody signed in, good for every start of the server."""
    client = factories.signed_in(app, "staff")
    with factories.register(app):
        for number in range(PEOPLE):
            factories.contact(f"Etu{number}", f"Suku{number}")
    token = pages.visit(client, "/contacts/1/edit/title").form(field="value").fields["csrf_token"]
    cookie = client.get_cookie("__Host-wesentra", domain="localhost")
    assert cookie
    with app.app_context():
        db.engine.dispose()
    return {"cookie": f"__Host-wesentra={cookie.value}", "token": token}
