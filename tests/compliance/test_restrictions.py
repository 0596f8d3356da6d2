"""Somebody restricted is nowhere, unless opened with a reason that the entries then carry."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import factories, pages
from tests.factories import entries, entries_of, subjects
from wesentra import clock
from wesentra.compliance.restrictions import queries
from wesentra.erasure import door
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


def lifted(privacy: FlaskClient, contact_id: int) -> None:
    home = f"/restrictions/{contact_id}"
    form = pages.visit(privacy, home).form(f"{home}/lift")
    assert form.send(told="y", told_on=clock.today().isoformat()).status_code == 303


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
    meaningless = (".....", "." * 30, "x" * 30, "a b c d e f", "2026-11-23 12:15", "asia 12345678")
    for nothing in ("", "  ", "abc", "soittopyyntö " * 17, *meaningless):
        answer = page.form(field="reason").send(reason=nothing)
        assert answer.status_code == 422
        assert pages.read(client, answer).errors
        assert not nothing.strip() or "in words" in pages.read(client, answer).errors[0]
    assert NAME not in client.get(f"/contacts/{restricted}", follow_redirects=True).text
    assert page.form(field="reason").send(reason="Soittopyyntö").status_code == 303


def test_an_address_that_is_theirs_is_told_of_as_anybodys(app: Flask, restricted: int) -> None:
    """By neither the sentence nor the entries does one learn whose it is, or of a restriction."""
    with factories.register(app):
        factories.contact("Eero", "Avoin", email="eero@auto.example.fi")
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, "/contacts/new").form("/contacts/new")
    said = []
    for address in ("aino@auto.example.fi", "eero@auto.example.fi"):
        answer = form.send(family_name="Uusi", source="from the person", email=address)
        assert answer.status_code == 422
        assert subjects(entries_of(app, answer)) == set()
        said.append(pages.read(client, answer).errors)
    assert said[0] == said[1]
    assert not any(char.isdigit() for char in str(said[0]))


def test_a_business_id_that_is_theirs_tells_no_number(app: Flask, restricted: int) -> None:
    with factories.register(app):
        factories.company("Toiminimi Aino", business_id="0112038-9", person_id=restricted)
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, "/companies/new").form("/companies/new")
    answer = form.send(name="Toinen Oy", business_id="0112038-9", source="YTJ")
    errors = pages.read(client, answer).errors
    assert answer.status_code == 422
    assert "already a company" in errors[0]
    assert not any(char.isdigit() for char in str(errors))


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
    look = client.get(f"/contacts/{restricted}")
    lifted(client, restricted)
    page = pages.visit(client, f"/contacts/{restricted}/delete")
    assert page.form(f"/contacts/{restricted}/delete").send().status_code == 303
    with factories.register(app):
        door.erase([restricted], [], "hand")
    with app.app_context(), factories.register(app):
        assert db.session.scalar(select(func.count(Opening.id))) == 0
    told = [one for one in entries_of(app, look) if one.subject_type == "contact"]
    assert {one.row.reason_id for one in told} == {1}


@pytest.mark.parametrize("ground", ["a", "b", "c", "d"])
@pytest.mark.parametrize("role", ["staff", "privacy"])
def test_nobody_deletes_who_is_only_stored(app: Flask, role: str, ground: str) -> None:
    with factories.register(app):
        one = factories.contact("Aino", NAME)
        factories.restriction(one, ground=ground)
        trade = factories.company("Ainon kello", person_id=one.id)
        person, company = one.id, trade.id
    client = factories.signed_in(app, role)
    opened(client, person)
    for home in (f"/contacts/{person}", f"/companies/{company}"):
        page = pages.visit(client, home)
        assert not [link for link in page.links if link.href == f"{home}/delete"]
        token = page.form("/account/purpose").fields["csrf_token"]
        asked = client.get(f"{home}/delete")
        answer = client.post(f"{home}/delete", data={"csrf_token": token})
        assert (asked.status_code, answer.status_code) == (422, 422), home
        for said in (asked, answer):
            assert (
                "The privacy contact ends the restriction first." in pages.read(client, said).text
            )
    assert client.get(f"/companies/{company}").status_code == 200
    lifted(factories.signed_in(app, "privacy"), person)
    page = pages.visit(client, pages.visit(client, f"/contacts/{person}").link("Delete this").href)
    assert page.form(f"/contacts/{person}/delete").send().status_code == 303
    assert client.get(f"/companies/{company}").status_code == 404


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


def test_an_opening_ends_with_its_restriction(app: Flask, restricted: int) -> None:
    client, privacy = factories.signed_in(app, "staff"), factories.signed_in(app, "privacy")
    opened(client, restricted)
    lifted(privacy, restricted)
    look = client.get(f"/contacts/{restricted}")
    assert look.status_code == 200
    assert "The processing is restricted" not in look.text
    assert {one.row.reason_id for one in entries_of(app, look)} == {None}
    with factories.register(app):
        restrict(restricted)
    again = client.get(f"/contacts/{restricted}")
    assert again.location == f"/restrictions/{restricted}/open", "it was opened before, not since"


def test_nobody_is_told_of_the_end_before_the_beginning(app: Flask) -> None:
    with factories.register(app):
        one = factories.contact()
        factories.restriction(one, since=clock.now() - timedelta(days=3))
        person = one.id
    client = factories.signed_in(app, "privacy")
    home = f"/restrictions/{person}"
    form = pages.visit(client, home).form(f"{home}/lift")
    for early in ("2000-01-01", (clock.today() - timedelta(days=4)).isoformat()):
        answer = form.send(told="y", told_on=early)
        assert answer.status_code == 422
        assert "the restriction had not begun" in pages.read(client, answer).errors[0]
    assert form.send(told="y", told_on=(clock.today() - timedelta(days=3)).isoformat())
    assert client.get(f"/contacts/{person}").status_code == 200


def test_only_somebody_restricted_is_said_to_be(app: Flask, restricted: int) -> None:
    other = factories.person(app, "Eero", "Muu")
    client = factories.signed_in(app, "staff")
    page = pages.visit(client, f"/restrictions/{restricted}/open")
    assert f"Contact number {restricted} may only be stored" in page.text
    token = page.form(field="reason").fields["csrf_token"]
    for sent in ({}, {"data": {"csrf_token": token, "reason": ""}}):
        method = "POST" if sent else "GET"
        nobody = client.open("/restrictions/99999/open", method=method, **sent)
        assert nobody.status_code == 404
        assert "may only be stored" not in nobody.text
        free = client.open(f"/restrictions/{other}/open", method=method, **sent)
        assert (free.status_code, free.location) == (303, f"/contacts/{other}")


def test_lists_of_restrictions_have_further_pages(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    with factories.register(app):
        numbers = [factories.contact("A", f"B{n}").id for n in range(3)]
        for number in numbers:
            restrict(number)
        first = db.session.get_one(Contact, numbers[0])
        for n in range(3):
            factories.opening(first, f"reason {n}")
    client = factories.signed_in(app, "privacy")
    found = []
    for url, wanted in (
        ("/restrictions/", [f"/restrictions/{number}" for number in numbers]),
        (f"/restrictions/{numbers[0]}", ["reason 2", "reason 1", "reason 0"]),
    ):
        page = pages.visit(client, url)
        further = pages.visit(client, f"{url}{page.link('Next').href.removeprefix(url)}")
        links = [[link.href for link in one.links] + [one.text] for one in (page, further)]
        found = [[any(each in text for text in seen) for each in wanted] for seen in links]
        assert found == [[True, True, False], [False, False, True]], url


def test_staff_cannot_place_or_lift(app: Flask, restricted: int) -> None:
    client = factories.signed_in(app, "staff")
    assert client.get("/restrictions/").status_code == 403
    assert client.get(f"/restrictions/{restricted}").status_code == 403


def test_who_is_to_be_restricted_is_named_once_more_and_that_is_a_look(app: Flask) -> None:
    number = factories.person(app, "Sylvi", "Salainen")
    privacy = factories.signed_in(app, "privacy")
    asked = pages.visit(privacy, f"/restrictions/{number}")
    assert f"Sylvi Salainen · Contact number {number}" in asked.text
    (look,) = [one for one in factories.entries_of(app, asked.response) if one.ids == (number,)]
    assert (look.operation, {*look.fields} >= {"given_name", "family_name"}) == ("view", True)
    refused = asked.form(f"/restrictions/{number}/place").send(ground="")
    assert refused.status_code == 422
    assert "Sylvi Salainen" in refused.text
    asked.form(f"/restrictions/{number}/place").send(ground="a")
    placed = pages.visit(privacy, f"/restrictions/{number}")
    assert "Salainen" not in placed.response.text, "from now on the person is only stored"
    assert privacy.get(f"/restrictions/{number + 1}").status_code == 404
