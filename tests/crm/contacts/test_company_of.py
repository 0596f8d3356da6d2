"""The company of a person, named on the person's own pages."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from wesentra.models import Company, Contact, db

TYPED = {"family_name": "Virta", "source": "from the person"}


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """Somebody of the staff, signed in."""
    return factories.signed_in(app, "staff")


def fill_in(staff: FlaskClient, **values: str) -> pages.Page:
    """Send the form of a new contact and read the answer's page."""
    form = pages.visit(staff, "/contacts/new").form("/contacts/new")
    return pages.read(staff, form.send(**{**TYPED, **values}))


def correct(staff: FlaskClient, contact_id: int, field: str, **values: str) -> pages.Page:
    """Correct one field of a contact and read the answer's page."""
    url = f"/contacts/{contact_id}/edit/{field}"
    return pages.read(staff, pages.visit(staff, url).form(url).send(**values))


@pytest.mark.parametrize("name", ["!!!", "x" * 161])
def test_what_cannot_be_a_companys_name_makes_no_company(
    app: Flask, staff: FlaskClient, name: str
) -> None:
    person = factories.person(app)
    for page in (fill_in(staff, company=name), correct(staff, person, "company", value=name)):
        assert page.response.status_code == 422
        assert "company’s name" in page.errors[0] or "too long" in page.errors[0]
    with factories.register(app):
        assert db.session.query(Company).count() == 0
        assert db.session.query(Contact).count() == 1
