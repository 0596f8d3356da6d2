"""What a purpose hides is found by no search, sorts no list and is judged by no form."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, event, select
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import visitors
from werkzeug.test import TestResponse

from tests import factories, pages
from wesentra.actor import Acting, acting_as
from wesentra.crm.contacts import export
from wesentra.models import Contact, FieldCheck, Purpose, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.personal import Category
from wesentra.sight import Sight

MAIL, NUMBER, SWITCHBOARD = "aino@auto.example.fi", "+358401234567", "+35891234567"
VALUES = {
    "contact_details": (MAIL, "1234567", "Espoo"),
    "work": ("Salainen", "Titteli", "Messuilta", "prospect"),
    "billing": ("0112038-9",),
    "communication": ("Lupaus",),
    "note": ("Muistio", "Puhelu"),
    "history": ("days ago", "Last checked", "never"),
}
PERSON = ("/contacts/", "/contacts/1", "/", "/interactions/new?contact=1", "/tasks/?who=all")
COMPANIES = ("/companies/", "/companies/1", "/companies/1/delete")


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """Somebody of the staff who owns one person, and she works in company 1."""
    client = factories.signed_in(app, "staff")
    with factories.register(app):
        company = factories.company("Salainen Oy", switchboard=SWITCHBOARD, post_office="Espoo")
        company.business_id = "0112038-9"
        factories.company_words.write(company)
        made = {"email": MAIL, "phone": NUMBER, "company_id": company.id, "title": "Titteli"}
        one = factories.contact("Aino", "Virtanen", note="Muistio", source="Messuilta", **made)
        one.owner_id, one.checked_at = 1, factories.clock.now() - factories.timedelta(days=3)
        factories.interaction(one, "Puhelu")
        factories.task(one, "Lupaus", owner_id=1)
    return client


def hide(app: Flask, client: FlaskClient, *categories: str) -> None:
    """Choose a purpose that shows everything but these categories."""
    with factories.register(app):
        sales = db.session.scalars(select(Purpose).where(Purpose.key == "sales")).one()
        sales.categories = [one.value for one in Category if one.value not in categories]
    sent = pages.visit(client, "/").form("/account/purpose").send(purpose="sales")
    assert sent.status_code == 303


def found(client: FlaskClient, text: str) -> list[str]:
    page = pages.visit(client, "/search/?" + urlencode({"q": text}))
    return [link.text for link in page.links if "data-row" in link.attributes]


EVERYTHING = {*VALUES}
BOTH, HER, IT = ["Aino Virtanen", "Salainen Oy"], ["Aino Virtanen"], ["Salainen Oy"]
SEARCHES: list[tuple[str, set[str], list[str]]] = [
    ("aino", EVERYTHING, HER),
    ("virtanen", EVERYTHING, HER),
    ("aino@auto", {"work"}, HER),
    ("aino@auto", {"contact_details"}, []),
    ("0401234567", {"contact_details"}, []),
    ("virtanen 040123", {"contact_details"}, []),
    ("virtanen aino@auto", {"contact_details"}, []),
    ("salainen", {"contact_details"}, BOTH),
    ("salainen", {"work"}, IT),
    ("virtanen salainen", {"work"}, []),
    ("salainen virtanen", {"billing"}, HER),
    ("0112038-9", {"contact_details"}, BOTH),
    ("0112038-9", {"billing"}, []),
    ("09 1234567", {"billing"}, BOTH),
    ("09 1234567", {"contact_details"}, []),
    ("09 1234567", {"work"}, IT),
]


def test_a_hidden_field_finds_nobody(app: Flask, staff: FlaskClient) -> None:
    for text, hidden, expected in SEARCHES:
        hide(app, staff, *hidden)
        assert found(staff, text) == expected, (text, hidden)


def test_words_keep_their_category_when_the_name_is_corrected(
    app: Flask, staff: FlaskClient
) -> None:
    hide(app, staff, "contact_details")
    token = pages.visit(staff, "/contacts/1").form("/account/purpose").fields["csrf_token"]
    sent = {"csrf_token": token, "value": "Korhonen"}
    assert staff.post("/contacts/1/edit/family_name", data=sent).status_code == 303
    assert (found(staff, "korhonen"), found(staff, "aino@auto")) == (["Aino Korhonen"], [])
    hide(app, staff)
    assert found(staff, "aino@auto") == ["Aino Korhonen"]


def test_a_call_finds_nobody_by_a_hidden_number(app: Flask, staff: FlaskClient) -> None:
    hide(app, staff, "contact_details")
    for number in (NUMBER, SWITCHBOARD, "+358409999999"):
        answer = staff.get("/call?" + urlencode({"number": number}))
        assert answer.status_code == 422
        assert "does not show telephone numbers" in answer.text
        assert factories.subjects(factories.entries_of(app, answer)) == set()


def test_a_switchboard_leads_to_nobody_whose_work_is_hidden(app: Flask, staff: FlaskClient) -> None:
    hide(app, staff, "work")
    page = pages.visit(staff, "/call?" + urlencode({"number": SWITCHBOARD}))
    assert [link.text for link in page.links if "data-row" in link.attributes] == IT
    own = staff.get("/call?" + urlencode({"number": NUMBER}))
    assert own.headers["Location"] == "/contacts/1"


@pytest.mark.parametrize("category", VALUES)
def test_no_page_shows_a_hidden_category(app: Flask, staff: FlaskClient, category: str) -> None:
    for place in PERSON:
        pages.visit(staff, place)
    hide(app, staff, category)
    away = "".join(staff.get(place).text for place in PERSON + COMPANIES)
    names = [value for value in VALUES[category] if category != "work"]
    assert not [value for value in names if value in away], category
    assert "Aino Virtanen" in away


def test_nowhere_stands_where_somebody_works_when_that_is_hidden(
    app: Flask, staff: FlaskClient
) -> None:
    fragments = ("/contacts/1/field/company", "/contacts/1/edit/company", "/tasks/new?contact=1")
    shown = "".join(staff.get(place).text for place in PERSON)
    assert all(value in shown for value in VALUES["work"])
    hide(app, staff, "work")
    for place in PERSON + fragments:
        for headers in ({}, {"HX-Request": "true"}):
            answer = staff.get(place, headers=headers, follow_redirects=True)
            assert not [value for value in VALUES["work"] if value in answer.text], place
            entries = factories.entries_of(app, answer)
            assert factories.subjects(entries, "company") == set(), place
            assert not {"title", "source", "group"} & {f for e in entries for f in e.fields}
    there = staff.get("/companies/1")
    assert "Salainen" in there.text
    assert "Aino" not in there.text
    for place in ("/contacts/?group=supplier", "/contacts/?group=prospect"):
        assert "Aino" in staff.get(place).text, "a hidden group chooses nobody"
    assert "Salainen" in staff.get("/companies/?group=supplier").text


# --- no statement chooses or sorts by what is hidden ----------------------------------------------


WITH_FIELDS = ("contact", "company")
"""Of other tables no row is there when its category is hidden, and words have theirs."""


def _choosing(statement: Any) -> Iterator[Column[Any]]:
    """The columns by which a statement chooses and sorts, those of statements inside it too."""
    for part in visitors.iterate(statement):
        for name in ("whereclause", "_order_by_clause"):
            clause = getattr(part, name, None)
            for element in visitors.iterate(clause) if clause is not None else ():
                if isinstance(element, Column):
                    yield element


@pytest.fixture
def choosing() -> Iterator[Callable[[], set[str]]]:
    """The personal columns by which statements that show somebody have chosen since."""
    columns: set[str] = set()

    def note(state: ORMExecuteState) -> None:
        audit = state.execution_options.get("audit")
        if state.is_select and (audit is None or audit == ("program", "paging")):
            columns.update(
                str(column)
                for column in _choosing(state.statement)
                if column.table.name in WITH_FIELDS
                and (column.info.get("personal") or column.info.get("tells"))
            )

    event.listen(Session, "do_orm_execute", note)
    yield lambda: columns
    event.remove(Session, "do_orm_execute", note)


def test_no_page_chooses_or_sorts_by_a_hidden_column(
    app: Flask, staff: FlaskClient, choosing: Callable[[], set[str]]
) -> None:
    asked = (
        "/contacts/?group=prospect",
        "/contacts/?after=1",
        "/companies/?group=x",
        "/search/?q=a",
    )
    numbers = ("/call?number=%2B358401234567", "/contacts/?mine=1")
    for place in PERSON + COMPANIES + asked + numbers:
        staff.get(place)
    assert {"contact.group", "contact.phone", "contact.checked_at"} <= choosing()
    hide(app, staff, *VALUES)
    choosing().clear()
    for place in PERSON + COMPANIES + asked + numbers:
        assert staff.get(place).status_code in (200, 422), place
    assert choosing() <= {"contact.sort_key", "company.sort_key", "contact.company_id"}


# --- what is sent -------------------------------------------------------------------------------


def sent(client: FlaskClient, address: str, **values: str) -> TestResponse:
    """Send a form that the page does not offer, or offered under another purpose."""
    token = pages.visit(client, "/").form("/account/purpose").fields["csrf_token"]
    return client.post(address, data={"csrf_token": token, **values})


def row(app: Flask) -> tuple[Any, ...]:
    columns = (Contact.email, Contact.phone, Contact.title, Contact.company_id, Contact.note)
    with factories.register(app):
        found = db.session.execute(select(*columns), execution_options=seen_by_program("figure"))
        return tuple(found.one())


def test_a_hidden_field_is_neither_emptied_nor_said_to_be(app: Flask, staff: FlaskClient) -> None:
    before = row(app)
    hide(app, staff, *VALUES)
    for field, value in product(("email", "phone", "title", "company", "note"), ("", "Z", MAIL)):
        for was in ({}, {"was": ""}):
            answer = sent(staff, f"/contacts/1/edit/{field}", value=value, **was)
            assert answer.status_code == 422, (field, value)
    for field in ("switchboard", "business_id", "note"):
        assert sent(staff, f"/companies/1/edit/{field}", value="").status_code == 422
    assert row(app) == before


@pytest.mark.parametrize("outcome", ["confirmed", "corrected", "removed"])
def test_a_question_asked_under_another_purpose_is_not_answered(
    app: Flask, staff: FlaskClient, outcome: str
) -> None:
    form = pages.visit(staff, "/interactions/new?contact=1").form("/interactions/new")
    before = row(app)
    hide(app, staff, "contact_details", "work")
    for field in ("phone", "email", "title", "company"):
        given = {f"was-{field}": form.fields.get(f"was-{field}", ""), f"check-{field}": outcome}
        common = {"contact": "1", "channel": "call", "direction": "in", "purpose": "sales"}
        answer = sent(staff, "/interactions/new", **common, **given, **{f"fix-{field}": "Z"})
        assert answer.status_code == 422, field
        assert "does not show" in answer.text
    assert row(app) == before
    with factories.register(app):
        assert not db.session.scalars(select(FieldCheck)).all()


def test_a_number_is_read_in_the_country_of_a_hidden_company(
    app: Flask, staff: FlaskClient
) -> None:
    with factories.register(app):
        db.session.get_one(factories.Company, 1).country = "SE"
    hide(app, staff, "work")
    answer = sent(staff, "/contacts/1/edit/phone", value="070-123 45 67")
    assert (answer.status_code, row(app)[1]) == (303, "+46701234567")


def test_an_interaction_is_stored_although_checks_are_hidden(
    app: Flask, staff: FlaskClient
) -> None:
    hide(app, staff, "history")
    page = pages.visit(staff, "/interactions/new?contact=1")
    assert "never checked" not in page.text
    answer = page.form("/interactions/new").send(**{"check-phone": "confirmed"})
    assert answer.status_code == 303
    with factories.register(app):
        assert db.session.get_one(
            Contact, 1
        ).checked_at > factories.clock.now() - factories.timedelta(minutes=5)


def test_where_the_data_came_from_is_not_told_when_that_is_hidden(
    app: Flask, staff: FlaskClient
) -> None:
    assert "We got your details" in pages.visit(staff, "/interactions/new?contact=1").text
    hide(app, staff, "work")
    assert "We got your details" not in pages.visit(staff, "/interactions/new?contact=1").text


def test_a_file_of_contacts_leaves_the_company_out_with_work(
    app: Flask, staff: FlaskClient
) -> None:
    sight = Sight(hidden=frozenset({"work"}))
    with app.app_context(), acting_as(Acting(1, "staff", "sales", "file", sight=sight)):
        assert not {"company", "title", "group", "source"} & export.columns().keys()
        lines = [line for batch in export.batches("en") for line in batch]
        db.session.remove()
    assert "Virtanen" in str(lines)
    assert "Salainen" not in str(lines)
