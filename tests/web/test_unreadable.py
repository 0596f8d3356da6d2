"""What the database cannot take as a text is the sender's mistake, never an outage."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.databases import postgresql_only

NUL = "a\0b"


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """Somebody of the staff, signed in; errors are answered as in the house."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return factories.signed_in(app, "staff")


@postgresql_only
def test_a_nul_is_a_form_that_cannot_be_read(app: Flask, staff: FlaskClient) -> None:
    person = factories.person(app)
    talk = pages.visit(staff, f"/interactions/new?contact={person}").form("/interactions/new")
    purpose = pages.visit(staff, "/").form("/account/purpose")
    visitor = factories.browser(app)
    sign_in = pages.visit(visitor, "/login").form("/login")
    for answer in (
        staff.get("/contacts/?group=%00"),
        staff.get("/companies/?group=%00"),
        talk.send(token=NUL),
        purpose.send(purpose=NUL),
        sign_in.send(username=NUL, password="x"),
    ):
        assert answer.status_code == 400
        assert "The form could not be read" in answer.text


def test_a_control_character_in_a_full_name_is_refused_at_its_field(app: Flask) -> None:
    admin = factories.signed_in(app, "admin")
    form = pages.visit(admin, "/settings/users/new").form("/settings/users/new")
    page = pages.read(admin, form.send(name="aino", full_name=NUL, roles="staff", reason="new"))
    assert page.response.status_code == 422
    assert "cannot be shown" in " ".join(page.errors)
