"""An import knows those who are restricted, so that they come once, and changes nothing of them."""

from flask import Flask

from tests import factories
from tests.crm.imports.bringing import bring, companies, figures, people, take_back
from wesentra.models import Company, Contact, FieldChange

HEADINGS = ("Etunimi", "Sukunimi", "Sähköposti", "Puhelin", "Titteli", "Yritys")
ROW = ("Aino", "Virtanen", "aino@auto.example.fi", "0401234567", "Johtaja", "Uusi Oy")


def test_somebody_restricted_is_recognised_and_not_changed(app: Flask) -> None:
    with factories.register(app):
        one = factories.contact("Aino", "Virtanen", email="aino@auto.example.fi", title="Myyjä")
        factories.restriction(one)
    job = bring(app, ROW, headings=HEADINGS)
    columns = (Contact.title, Contact.phone, Contact.company_id, Contact.version)
    assert people(app, *columns) == [("Myyjä", "", None, 1)]
    assert job.created + job.rejected <= 1
    told = [e for e in factories.entries(app) if e.row.request_id != "restricted"]
    changes = [e for e in told if e.operation == "update" and "title" in e.fields]
    assert changes == []


def test_the_company_that_somebody_restricted_is_stays_as_it_is(app: Flask) -> None:
    with factories.register(app):
        one = factories.contact()
        factories.restriction(one)
        factories.company("Uusi Oy", person_id=one.id, switchboard="+358912345")
    headings = (*HEADINGS, "Vaihde")
    bring(app, ("Eero", "Muu", "", "", "", "Uusi Oy", "09 54321"), headings=headings)
    assert companies(app, Company.name, Company.switchboard) == [("Uusi Oy", "+358912345")]


def test_undoing_an_import_keeps_whoever_was_restricted_or_objected_since(app: Flask) -> None:
    other = ("Eero", "Muu", "eero@auto.example.fi", "", "", "")
    third = ("Liisa", "Kolmas", "liisa@auto.example.fi", "", "", "")
    job = bring(app, ROW, other, third, headings=HEADINGS)
    assert figures(job)[0] == 3
    with factories.register(app):
        by_name = {one.given_name: one for one in _everybody()}
        factories.restriction(by_name["Aino"])
        factories.objection(by_name["Eero"])
    take_back(app, job)
    assert [given for given, _ in people(app)] == ["Aino", "Eero"]


def test_undoing_forgets_nothing_of_whoever_was_restricted_since(app: Flask) -> None:
    before = ("Aino", "Virtanen", "aino@auto.example.fi", "", "Myyjä", "")
    other = ("Eero", "Muu", "eero@auto.example.fi", "", "Myyjä", "")
    bring(app, before, other, headings=HEADINGS)
    renamed = [(*one[:4], "Johtaja", "") for one in (before, other)]
    job = bring(app, *renamed, headings=HEADINGS)
    with factories.register(app):
        factories.restriction(_everybody()[0])
    take_back(app, job)
    assert people(app, Contact.title) == [("Johtaja",), ("Myyjä",)]
    with factories.register(app):
        changes = factories.select(FieldChange).where(FieldChange.import_id == job.id)
        found = [(one.contact_id, one.old) for one in factories.db.session.scalars(changes)]
    assert found == [(1, "Myyjä")]


def _everybody() -> list[Contact]:
    return list(factories.db.session.scalars(factories.select(Contact)))
