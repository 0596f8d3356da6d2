"""Nothing is lost by mistake: who was deleted by hand is nowhere, and comes back whole."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, pages
from tests.factories import entries_of, subjects
from wesentra import clock
from wesentra.actor import Acting
from wesentra.crm.companies import queries as company_queries
from wesentra.models import Company, Contact, Departure, Tombstone, db
from wesentra.models.attribution import seen_by_program
from wesentra.operations import erasing
from wesentra.settings import Settings

NUMBER = "+358401234567"
MAIL = "aino@auto.example.fi"
PLACES = (
    "/",
    "/contacts/",
    "/contacts/?mine=1",
    "/contacts/?group=prospect",
    "/search/?q=virt",
    f"/search/?q={MAIL}",
    f"/call?number={NUMBER}",
    "/companies/",
    "/companies/1",
    "/tasks/?who=all",
    "/restrictions/",
)
WAYS_IN = (
    "/contacts/{}",
    "/contacts/{}/edit/title",
    "/contacts/{}/delete",
    "/contacts/{}/field/title",
    "/interactions/new?contact={}",
    "/tasks/new?contact={}",
    "/objections/{}/note",
    "/restrictions/{}/open",
)


@pytest.fixture
def aino(app: Flask) -> int:
    """Somebody with a company, a task, a call, an objection and a way to be reached."""
    with factories.register(app):
        company = factories.company("Auto Oy")
        one = factories.contact("Aino", "Virtanen", company_id=company.id, phone=NUMBER, email=MAIL)
        factories.task(one, "Secret promise")
        factories.interaction(one, "Secret summary")
        factories.objection(one)
        return one.id


def delete(client: FlaskClient, address: str) -> pages.Page:
    form = pages.visit(client, f"{address}/delete").form(f"{address}/delete")
    answer = form.send()
    assert answer.status_code == 303, answer.text
    return pages.read(client, client.get(answer.headers["Location"]))


def bring_back(client: FlaskClient) -> str:
    """Bring back whoever was deleted last, from the page of those; where that leads to."""
    listed = pages.visit(client, "/erasures/waiting")
    (first, *_) = [link for link in listed.links if "/erasures/waiting/" in link.href]
    page = pages.visit(client, first.href)
    answer = page.form(f"{first.href}/undo").send()
    assert answer.status_code == 303
    return str(answer.headers["Location"])


@pytest.mark.parametrize("role", ["staff", "privacy"])
def test_who_was_deleted_is_nowhere_for_anybody(app: Flask, aino: int, role: str) -> None:
    delete(factories.signed_in(app, "staff"), f"/contacts/{aino}")
    client = factories.signed_in(app, role)
    for place in PLACES:
        answer = client.get(place)
        assert "Virtanen" not in answer.text, place
        assert "Secret" not in answer.text, place
        assert aino not in subjects(entries_of(app, answer)), place
    for way in WAYS_IN:
        answer = client.get(way.format(aino))
        assert answer.status_code in (303, 404), way
        assert "Virtanen" not in answer.text, way


def test_no_work_of_the_law_s_own_shows_them_either(app: Flask, aino: int) -> None:
    """Pages that say their own purpose see everybody else whole."""
    delete(factories.signed_in(app, "staff"), f"/contacts/{aino}")
    privacy = factories.signed_in(app, "privacy")
    for address in (f"/restrictions/{aino}", f"/requests/{aino}/export?format=csv"):
        answer = privacy.get(address)
        assert "Virtanen" not in answer.text
    with factories.register(app):
        assert db.session.scalars(select(Contact)).all() == []


def test_the_notice_says_until_when_and_leads_to_the_undo(app: Flask, aino: int) -> None:
    page = delete(factories.signed_in(app, "staff"), f"/contacts/{aino}")
    until = (clock.today() + timedelta(days=7)).day
    assert "Deleted. It can be brought back until" in page.text
    assert str(until) in page.text
    assert "/erasures/waiting" in [link.href for link in page.links]


def test_they_come_back_with_everything(app: Flask, aino: int) -> None:
    staff = factories.signed_in(app, "staff")
    delete(staff, f"/contacts/{aino}")
    assert bring_back(staff) == f"/contacts/{aino}"
    page = staff.get(f"/contacts/{aino}")
    for word in ("Virtanen", "aino@", "Secret promise", "Secret summary", "Auto Oy"):
        assert word in page.text
    assert "Nothing was deleted lately" in staff.get("/erasures/waiting").text


def test_a_deletion_and_its_undo_are_entries_about_the_person(app: Flask, aino: int) -> None:
    staff = factories.signed_in(app, "staff")
    delete(staff, f"/contacts/{aino}")
    bring_back(staff)
    told = [(e.operation, e.fields) for e in factories.entries(app) if aino in e.ids]
    assert ("delete", ("departed",)) in told
    assert ("update", ("returned",)) in told


def test_the_name_of_who_waits_is_a_look(app: Flask, aino: int) -> None:
    staff = factories.signed_in(app, "staff")
    delete(staff, f"/contacts/{aino}")
    seen = staff.get("/erasures/waiting")
    assert "Aino Virtanen" in seen.text
    assert subjects(entries_of(app, seen), "contact", "list") == {aino}
    listed = pages.read(staff, seen)
    (href,) = [link.href for link in listed.links if "/erasures/waiting/" in link.href]
    answer = staff.get(href)
    assert "Aino Virtanen" in answer.text
    assert subjects(entries_of(app, answer), "contact", "view") == {aino}


def test_staff_bring_back_what_they_deleted_and_the_privacy_contact_anybody(
    app: Flask, aino: int
) -> None:
    delete(factories.signed_in(app, "staff"), f"/contacts/{aino}")
    other = factories.signed_in(app, "staff")
    assert "Nothing was deleted lately" in other.get("/erasures/waiting").text
    assert other.get("/erasures/waiting/1").status_code == 404
    assert bring_back(factories.signed_in(app, "privacy")) == f"/contacts/{aino}"


def test_after_a_week_they_are_erased(app: Flask, settings: Settings, aino: int) -> None:
    delete(factories.signed_in(app, "staff"), f"/contacts/{aino}")
    with clock.turned_to(clock.now() + timedelta(days=6, hours=23)):
        _night(app, settings)
    assert _stored(app) == {aino}
    with clock.turned_to(clock.now() + timedelta(days=7, minutes=1)):
        _night(app, settings)
    assert _stored(app) == set()
    with factories.register(app):
        (stone,) = db.session.scalars(select(Tombstone)).all()
        assert (stone.number, stone.reason) == (aino, "hand")
        assert db.session.scalars(select(Departure)).all() == []


def _night(app: Flask, settings: Settings) -> None:
    with factories.register(app):
        erasing.leave(settings)


def _stored(app: Flask) -> set[int]:
    with factories.register(app):
        seen = seen_by_program("figure")
        return set(db.session.scalars(select(Contact.id), execution_options=seen))


def test_a_sole_trader_s_company_waits_and_comes_back_with_the_person(app: Flask) -> None:
    with factories.register(app):
        company = factories.company("Tmi Virtanen")
        one = factories.contact("Aino", "Virtanen", company_id=company.id)
        company.person_id = one.id
    staff = factories.signed_in(app, "staff")
    delete(staff, f"/contacts/{one.id}")
    assert staff.get(f"/companies/{company.id}").status_code == 404
    assert "Tmi" not in staff.get("/companies/").text
    bring_back(staff)
    assert staff.get(f"/companies/{company.id}").status_code == 200


def test_a_company_waits_and_its_people_stay_without_it(app: Flask) -> None:
    staff = factories.signed_in(app, "staff")
    with factories.register(app):
        company = factories.company("Auto Oy")
    delete(staff, f"/companies/{company.id}")
    assert staff.get(f"/companies/{company.id}").status_code == 404
    assert bring_back(staff) == f"/companies/{company.id}"
    assert "Auto Oy" in staff.get(f"/companies/{company.id}").text


def test_a_company_whose_people_all_wait_can_go(app: Flask, aino: int) -> None:
    staff = factories.signed_in(app, "staff")
    delete(staff, f"/contacts/{aino}")
    with factories.register(app):
        assert company_queries.people_in(db.session.get_one(Company, 1)) == 0
    delete(staff, "/companies/1")


def test_somebody_restricted_does_not_even_wait(app: Flask, aino: int) -> None:
    with factories.register(app):
        factories.restriction(db.session.get_one(Contact, aino))
    staff = factories.signed_in(app, "staff")
    token = pages.visit(staff, "/contacts/new").form("/contacts/new").fields["csrf_token"]
    staff.post(f"/contacts/{aino}/delete", data={"csrf_token": token})
    with factories.register(app):
        assert db.session.scalars(select(Departure)).all() == []


def test_a_company_whose_person_is_restricted_meanwhile_waits_on(
    app: Flask, settings: Settings, aino: int
) -> None:
    with factories.register(app):
        company = factories.company("Tmi Eero")
        person = factories.contact("Eero", "Eloranta")
        company.person_id = person.id
    staff = factories.signed_in(app, "staff")
    delete(staff, f"/companies/{company.id}")
    delete(staff, f"/contacts/{aino}")
    with factories.register(app):
        factories.restriction(db.session.get_one(Contact, person.id))
    with clock.turned_to(clock.now() + timedelta(days=8)):
        _night(app, settings)
        assert _stored(app) == {person.id}
        with factories.register(app):
            (waits,) = db.session.scalars(select(Departure)).all()
            assert (waits.kind, waits.number) == ("company", company.id)


def test_a_system_that_looks_sees_nobody_who_waits(app: Flask, aino: int) -> None:
    delete(factories.signed_in(app, "staff"), f"/contacts/{aino}")
    with factories.register(app) as acting:
        assert isinstance(acting, Acting)
        assert db.session.get(Contact, aino) is None
