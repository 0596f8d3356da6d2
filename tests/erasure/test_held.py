"""A named hold keeps from every way out, a legal claim also from the person's own request."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from tests import factories
from tests.browser.houses import held as rows_of
from wesentra import clock
from wesentra.crm.companies import actions as companies
from wesentra.crm.contacts import leaving
from wesentra.erasure import door, waiting
from wesentra.models import Company, Contact, Departure, RetentionHold, db
from wesentra.models.attribution import bulk_write
from wesentra.operations import erasing
from wesentra.refusal import Refused
from wesentra.settings import Settings

REFUSED = "A hold keeps"


def hold(app: Flask, kind: str, **whose: int) -> None:
    with factories.register(app):
        stands = {"review_on": clock.today(), "placed_at": clock.now()}
        db.session.add(RetentionHold(kind=kind, reason="velkomus", **stands, **whose))


def lift(app: Flask) -> None:
    """Also of who waits, whose holds nobody sees."""
    with factories.register(app):
        ended = update(RetentionHold).values(lifted_at=clock.now())
        db.session.execute(ended, execution_options=bulk_write("update", "contact", [], []))


@pytest.mark.parametrize("kind", ["claim", "request", "breach"])
def test_nobody_held_is_deleted_by_hand(app: Flask, kind: str) -> None:
    person = factories.person(app)
    hold(app, kind, contact_id=person)
    with factories.register(app), pytest.raises(Refused, match=REFUSED):
        leaving.remove(db.session.get_one(Contact, person))
    lift(app)
    with factories.register(app):
        leaving.remove(db.session.get_one(Contact, person))
    assert len(rows_of(app, Departure)) == 1


def test_no_company_held_is_deleted_by_hand(app: Flask) -> None:
    with factories.register(app):
        number = factories.company().id
    hold(app, "claim", company_id=number)
    with factories.register(app), pytest.raises(Refused, match=REFUSED):
        companies.remove(db.session.get_one(Company, number))


@pytest.mark.parametrize(
    ("kind", "why", "goes"),
    [
        ("claim", "request", False),
        ("request", "request", True),
        ("breach", "request", True),
        ("claim", "retention", False),
        ("request", "mistake", False),
        ("keep", "hand", True),
        ("asked", "hand", True),
    ],
)
def test_which_hold_keeps_from_which_way_out(app: Flask, kind: str, why: str, goes: bool) -> None:
    person = factories.person(app)
    hold(app, kind, contact_id=person)

    def erase() -> None:
        with factories.register(app):
            door.erase([person], [], why)

    outcome: Callable[[], None] = erase
    if not goes:
        with pytest.raises(Refused, match=REFUSED):
            outcome()
    else:
        outcome()
    assert len(rows_of(app, Contact)) == (0 if goes else 1)


def test_a_hold_on_a_sole_trader_s_company_keeps_the_person(app: Flask) -> None:
    with factories.register(app):
        company = factories.company()
        person = factories.contact(company_id=company.id)
        company.person_id = person.id
        numbers = person.id, company.id
    hold(app, "claim", company_id=numbers[1])
    with factories.register(app), pytest.raises(Refused, match=REFUSED):
        door.erase([numbers[0]], [], "request")


def test_who_is_held_while_waiting_waits_on(app: Flask) -> None:
    person = factories.person(app)
    with factories.register(app):
        leaving.remove(db.session.get_one(Contact, person))
    hold(app, "breach", contact_id=person)
    later = clock.now() + timedelta(days=30)
    with clock.turned_to(later), factories.register(app):
        assert waiting.erase_due() == 0
    lift(app)
    with clock.turned_to(later), factories.register(app):
        assert waiting.erase_due() == 1
    assert rows_of(app, Contact) == []


def test_a_held_company_lets_its_person_wait_and_keeps_nobody_else(
    app: Flask, settings: Settings
) -> None:
    """One that is held would otherwise stop the night for everybody."""
    with factories.register(app):
        company, other = factories.company("Tmi Aho"), factories.company("Auto Oy")
        person, neighbour = factories.contact("Eero", "Aho"), factories.contact("Bo", "Ek")
        company.person_id, other.person_id = person.id, person.id
    with factories.register(app):
        for number in (person.id, neighbour.id):
            leaving.remove(db.session.get_one(Contact, number))
    hold(app, "claim", company_id=company.id)
    with clock.turned_to(clock.now() + timedelta(days=30)):
        with factories.register(app):
            erasing.leave(settings)
        assert _waiting(app) == {("contact", person.id), *_firms(company.id, other.id)}
        lift(app)
        with factories.register(app):
            erasing.leave(settings)
    assert _waiting(app) == set()


def _waiting(app: Flask) -> set[tuple[str, int]]:
    return {(one.kind, one.number) for one in rows_of(app, Departure)}


def _firms(*numbers: int) -> list[tuple[str, int]]:
    return [("company", number) for number in numbers]
