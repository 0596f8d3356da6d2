"""The company of a person, named on the person's own pages."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from wesentra.app import create_app
from wesentra.models import Company, Contact, db
from wesentra.settings import Settings

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


def swedish(app: Flask, name: str = "Svea Ab", **values: object) -> int:
    """The number of a company in Sweden."""
    with factories.register(app):
        return factories.company(name, country="SE", **values).id


def phones(app: Flask) -> list[str]:
    with factories.register(app):
        return [contact.phone for contact in db.session.query(Contact).order_by(Contact.id)]


def test_a_number_without_country_is_read_in_the_country_of_the_company(
    app: Flask, staff: FlaskClient
) -> None:
    person = factories.person(app, company_id=swedish(app), phone="+46701234567")
    with factories.register(app):
        factories.notice(db.session.get(Contact, person))
    talk = pages.visit(staff, f"/interactions/new?contact={person}").form("/interactions/new")
    sent = talk.send(**{"check-phone": "corrected", "fix-phone": "070-111 22 33"})
    assert sent.status_code == 303
    assert phones(app) == ["+46701112233"]
    correct(staff, person, "phone", value="070-765 43 21")
    made = fill_in(staff, company="svea ab", phone="08-123 456 78")
    assert made.response.status_code == 303
    assert phones(app) == ["+46707654321", "+46812345678"]


def test_without_a_company_it_is_read_in_the_country_of_the_installation(
    app: Flask, staff: FlaskClient
) -> None:
    fill_in(staff, company="Uusi Oy", phone="040 1234567")
    fill_in(staff, phone="040 1234567")
    assert phones(app) == ["+358401234567"] * 2


def test_an_address_that_somebody_has_is_asked_about_once_wherever_it_is_typed(
    app: Flask, staff: FlaskClient
) -> None:
    shared = "info@auto.example.fi"
    first = factories.person(app, email=shared)
    asked = fill_in(staff, email=shared.upper())
    assert asked.response.status_code == 422
    assert "has this address already" in asked.text
    assert f"number {first}" not in asked.text
    form = asked.form("/contacts/new")
    assert form.choices["shared"] == [shared]
    assert form.send(shared=shared).status_code == 303

    second = factories.person(app, title="ostaja", email="oma@auto.example.fi")
    url = f"/contacts/{second}/edit/email"
    asked = correct(staff, second, "email", value=shared)
    assert asked.response.status_code == 422
    assert asked.form(url).send(shared=shared).status_code == 303

    third = factories.person(app, email="kolmas@auto.example.fi")
    talk = pages.visit(staff, f"/interactions/new?contact={third}").form("/interactions/new")
    answer = talk.send(**{"check-email": "corrected", "fix-email": shared})
    assert answer.status_code == 422
    again = pages.read(staff, answer).form("/interactions/new")
    assert again.send(shared=shared).status_code == 303
    with factories.register(app):
        assert db.session.query(Contact).filter_by(email=shared).count() == 4


def test_what_was_said_of_one_address_is_not_said_of_another(
    app: Flask, staff: FlaskClient
) -> None:
    for address in ("info@auto.example.fi", "myynti@auto.example.fi"):
        factories.person(app, email=address)
    form = fill_in(staff, email="info@auto.example.fi").form("/contacts/new")
    answer = form.send(email="myynti@auto.example.fi", shared="info@auto.example.fi")
    assert answer.status_code == 422


def test_of_several_companies_of_a_name_one_is_chosen(app: Flask, staff: FlaskClient) -> None:
    with factories.register(app):
        one = factories.company("Auto Oy", business_id="0112038-9").id
        other = factories.company("Auto Oy", post_office="Espoo").id
    person = factories.person(app, company_id=one)
    url = f"/contacts/{person}/edit/company"
    page = pages.visit(staff, url)
    form = page.form(url)
    assert "Auto Oy · 0112038-9" in page.text
    assert form.fields["company_id"] == str(one)
    assert form.send().status_code == 303
    assert company_of(app, person) == one
    assert form.send(company_id=str(other)).status_code == 303
    assert company_of(app, person) == other

    asked = fill_in(staff, company="Auto Oy")
    assert asked.response.status_code == 422
    assert "Choose which" in " ".join(asked.errors)
    form = asked.form("/contacts/new")
    assert form.choices["company_id"] == ["", str(one), str(other)]
    made = form.send(company_id=str(other))
    assert company_of(app, int(made.location.rpartition("/")[2])) == other


def test_while_one_talks_one_of_several_companies_is_chosen_too(
    app: Flask, staff: FlaskClient
) -> None:
    with factories.register(app):
        factories.company("Auto Oy")
        other = factories.company("Auto Oy", post_office="Espoo").id
        before = factories.company("Kello Oy").id
        made = factories.contact(company_id=before)
        factories.notice(made)
        person = made.id
    talk = pages.visit(staff, f"/interactions/new?contact={person}").form("/interactions/new")
    answer = talk.send(**{"check-company": "corrected", "fix-company": "Auto Oy"})
    assert answer.status_code == 422
    again = pages.read(staff, answer).form("/interactions/new")
    assert again.send(company_id=str(other)).status_code == 303
    assert company_of(app, person) == other


def company_of(app: Flask, contact_id: int) -> int | None:
    with factories.register(app):
        return db.session.get_one(Contact, contact_id).company_id


def test_abroad_a_number_is_shown_as_one_reads_it_there_and_reads_back_as_itself(
    settings: Settings,
) -> None:
    app = create_app(replace(settings, region="SE"))
    app.testing = True
    finn = factories.person(app, phone="+358401234567")
    staff = factories.signed_in(app, "staff")
    assert "+358 40 1234567" in pages.visit(staff, f"/contacts/{finn}").text
    correct(staff, finn, "phone", value="+46 70 123 45 67")
    assert "070-123 45 67" in pages.visit(staff, f"/contacts/{finn}").text
    fill_in(staff, company="Uusi Ab", phone="070-765 43 21")
    assert phones(app) == ["+46701234567", "+46707654321"]
    with factories.register(app):
        assert db.session.query(Company).one().country == "SE"
    with app.app_context():
        db.engine.dispose()
