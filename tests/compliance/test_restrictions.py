"""Somebody restricted is nowhere, unless opened with a reason that the entries then carry."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import factories, pages
from tests.factories import entries, entries_of, subjects
from wesentra import clock
from wesentra.models import Contact, Opening, Restriction, Task, db
from wesentra.models.attribution import seen_by_program

NUMBER = "+358401234567"
NAME = "Virtanen"


@pytest.fixture
def restricted(app: Flask) -> int:
    """Somebody restricted, with a company, a task, a call and an owner."""
    with factories.register(app):
        company = factories.company("Auto Oy")
        one = factories.contact(
            "Aino", NAME, company_id=company.id, phone=NUMBER, email="aino@auto.example.fi"
        )
        factories.task(one, "Secret promise")
        factories.interaction(one, "Secret summary")
        restrict(one.id)
        return one.id


def restrict(contact_id: int) -> None:
    db.session.add(Restriction(contact_id=contact_id, since=clock.now(), ground="a"))


def opened(client: FlaskClient, contact_id: int, reason: str = "A legal claim") -> None:
    page = pages.visit(client, f"/contacts/{contact_id}", follow_redirects=True)
    assert page.form(field="reason").send(reason=reason).status_code == 303


def stored(app: Flask, contact_id: int) -> tuple[str, str, int]:
    """The title and the version of a contact, and how many tasks are done, past all filters."""
    with app.app_context(), factories.register(app):
        row = db.session.execute(
            select(Contact.title, Contact.version).where(Contact.id == contact_id),
            execution_options=seen_by_program("figure"),
        ).one()
        done = db.session.scalar(
            select(func.count(Task.id)).where(Task.done_at.is_not(None)),
            execution_options=seen_by_program("figure"),
        )
        return row.title, row.version, int(done or 0)


PLACES = (
    "/",
    "/contacts/",
    "/contacts/?mine=1",
    "/contacts/?group=prospect",
    "/search/?q=virt",
    "/search/?q=aino@auto.example.fi",
    "/search/?q=auto",
    f"/call?number={NUMBER}",
    "/companies/1",
    "/tasks/?who=all",
)


@pytest.mark.parametrize("role", ["staff", "privacy"])
def test_somebody_restricted_is_in_no_list(app: Flask, restricted: int, role: str) -> None:
    client = factories.signed_in(app, role)
    for place in PLACES:
        answer = client.get(place)
        assert NAME not in answer.text, place
        assert "Secret" not in answer.text, place
        assert restricted not in subjects(entries_of(app, answer)), place


WAYS_IN = (
    ("GET", "/contacts/{}"),
    ("GET", "/contacts/{}/edit/title"),
    ("GET", "/contacts/{}/field/title"),
    ("GET", "/contacts/{}/delete"),
    ("GET", "/interactions/new?contact={}"),
    ("GET", "/tasks/new?contact={}"),
    ("POST", "/contacts/{}/edit/title"),
    ("POST", "/contacts/{}/edit/owner"),
    ("POST", "/contacts/{}/delete"),
    ("POST", "/interactions/new"),
    ("POST", "/tasks/new"),
    ("POST", "/tasks/1/done"),
    ("POST", "/objections/{}/note"),
)


@pytest.mark.parametrize("htmx", [False, True])
def test_no_way_in_shows_or_changes_somebody_unopened(
    app: Flask, restricted: int, htmx: bool
) -> None:
    client = factories.signed_in(app, "staff")
    token = pages.visit(client, "/contacts/new").form("/contacts/new").fields["csrf_token"]
    before = stored(app, restricted)
    for method, way in WAYS_IN:
        answer = client.open(
            way.format(restricted),
            method=method,
            headers={"HX-Request": "true"} if htmx else {},
            data={
                "csrf_token": token,
                "value": "Boss",
                "contact": str(restricted),
                "text": "x",
                "due_on": "2030-01-01",
                "owner": "",
                "channel": "call",
                "direction": "in",
                "purpose": "customer_service",
                "said_on": "2020-01-01",
                "was-title": "",
                "check-title": "corrected",
                "fix-title": "Boss",
            }
            if method == "POST"
            else None,
        )
        assert answer.status_code in (204, 302, 303, 404, 422), (way, answer.status_code)
        assert NAME not in answer.text, way
        assert "Secret" not in answer.text, way
        assert restricted not in subjects(entries_of(app, answer)), way
    assert stored(app, restricted) == before


def test_the_gate_asks_for_a_reason_and_names_nobody(app: Flask, restricted: int) -> None:
    client = factories.signed_in(app, "staff")
    page = pages.visit(client, f"/contacts/{restricted}", follow_redirects=True)
    assert NAME not in page.text
    for nothing in ("", "  ", "abc", "x" * 201):
        answer = page.form(field="reason").send(reason=nothing)
        assert answer.status_code == 422
        assert pages.read(client, answer).errors
    assert NAME not in client.get(f"/contacts/{restricted}", follow_redirects=True).text


def test_after_it_the_entries_carry_the_number_of_the_reason(app: Flask, restricted: int) -> None:
    client = factories.signed_in(app, "staff")
    opened(client, restricted, "Aino asked about her claim")
    look = client.get(f"/contacts/{restricted}")
    assert NAME in look.text
    assert "Secret summary" in look.text
    told = [one for one in entries_of(app, look) if one.subject_type == "contact"]
    assert {one.row.reason_id for one in told} == {1}
    form = pages.visit(client, f"/contacts/{restricted}/edit/title").form(field="value")
    change = form.send(value="Boss")
    told = [one for one in entries_of(app, change) if restricted in one.ids]
    assert [(one.operation, one.row.reason_id) for one in told] == [("update", 1)]
    assert "claim" not in str([(one.fields, vars(one.row)) for one in entries(app)])
    for place in PLACES[1:-3]:
        assert NAME not in client.get(place).text, f"{place}: opened, yet still in no list"


def test_the_opening_itself_is_such_an_entry(app: Flask, restricted: int) -> None:
    client = factories.signed_in(app, "staff")
    opened(client, restricted)
    told = [one for one in entries(app) if "opening.reason" in one.fields]
    assert [(one.ids, one.row.reason_id) for one in told] == [((restricted,), 1)]


def test_it_is_open_to_nobody_else_and_not_for_long(
    app: Flask, restricted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, other = factories.signed_in(app, "staff"), factories.signed_in(app, "privacy")
    opened(client, restricted)
    assert client.get(f"/contacts/{restricted}").status_code == 200
    assert other.get(f"/contacts/{restricted}").status_code == 303
    later = clock.now() + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(f"/contacts/{restricted}").status_code == 303


def test_others_on_the_page_have_entries_of_their_own(app: Flask, restricted: int) -> None:
    with factories.register(app):
        factories.contact("Eero", "Muu", company_id=1)
    client = factories.signed_in(app, "staff")
    opened(client, restricted)
    answer = client.get("/companies/1")
    assert "Muu" in answer.text
    found = [one for one in entries_of(app, answer) if one.subject_type == "contact"]
    assert {(one.ids, one.row.reason_id) for one in found} == {((1,), 1), ((2,), None)}


def test_the_reason_goes_with_the_person_and_the_number_stays(app: Flask, restricted: int) -> None:
    client = factories.signed_in(app, "privacy")
    opened(client, restricted)
    page = pages.visit(client, f"/contacts/{restricted}/delete")
    assert page.form(f"/contacts/{restricted}/delete").send().status_code == 303
    with app.app_context(), factories.register(app):
        assert db.session.scalar(select(func.count(Opening.id))) == 0
    deleted = [one for one in entries(app) if one.operation == "delete" and restricted in one.ids]
    assert [one.row.reason_id for one in deleted] == [1]


def test_placing_and_lifting_are_one_form_each(app: Flask) -> None:
    person = factories.person(app)
    client = factories.signed_in(app, "privacy")
    home = f"/restrictions/{person}"
    place = pages.visit(client, home).form(f"{home}/place")
    assert place.send().status_code == 422
    for _ in range(2):
        assert place.send(ground="b").status_code == 303
    with app.app_context(), factories.register(app):
        assert db.session.scalar(select(func.count(Restriction.id))) == 1
    assert str(person) in pages.visit(client, "/restrictions/").text
    lift = pages.visit(client, home).form(f"{home}/lift")
    assert lift.send().status_code == 422, "the person was not told yet"
    assert lift.send(told="y", told_on="2999-01-01").status_code == 422
    assert client.get(f"/contacts/{person}").status_code == 303
    assert lift.send(told="y").status_code == 303
    assert client.get(f"/contacts/{person}").status_code == 200


def test_staff_cannot_place_or_lift(app: Flask, restricted: int) -> None:
    client = factories.signed_in(app, "staff")
    assert client.get("/restrictions/").status_code == 403
    assert client.get(f"/restrictions/{restricted}").status_code == 403
