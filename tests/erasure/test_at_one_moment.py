"""Two at one moment, on a database where writers do not take turns: nobody goes who was kept."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from tests import factories
from tests.browser.houses import held as rows_of
from tests.databases import Database, postgresql_only
from wesentra import clock
from wesentra.crm.contacts import leaving
from wesentra.erasure import door, waiting
from wesentra.models import Company, Contact, RetentionHold, Suppression, Tombstone, db
from wesentra.refusal import Refused

pytestmark = postgresql_only
BLOCKED = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def beside(
    app: Flask, database: Database, first: Callable[[], None], then: Callable[[], None]
) -> None:
    """Do the second work while the first is not committed; the first is once the other waits."""

    def work() -> None:
        with factories.register(app):
            then()

    with ThreadPoolExecutor() as threads:
        with factories.register(app):
            first()
            db.session.flush()
            working = threads.submit(work)
            _until_blocked(database, working)
        working.result()


def _until_blocked(database: Database, working: Future[None]) -> None:
    engine = create_engine(database.owner_url)
    with engine.connect() as connection:
        while not working.done() and not connection.scalar(BLOCKED):
            time.sleep(0.01)
    engine.dispose()


def test_who_is_being_brought_back_is_not_erased_by_the_night(
    app: Flask, database: Database
) -> None:
    with factories.register(app):
        company = factories.company("Tmi Virtanen")
        person = factories.contact(company_id=company.id)
        company.person_id = person.id
    with factories.register(app):
        leaving.remove(db.session.get_one(Contact, person.id))

    def night() -> None:
        with clock.turned_to(clock.now() + timedelta(days=30)):
            assert waiting.erase_due() == 0

    beside(app, database, lambda: waiting.bring_back(waiting.one(1, None)), night)
    assert len(rows_of(app, Contact)) == len(rows_of(app, Company)) == 1


@pytest.mark.parametrize(("kind", "why"), [("contact", "request"), ("company", "hand")])
def test_a_claim_that_is_being_noted_keeps_them(
    app: Flask, database: Database, kind: str, why: str
) -> None:
    person = factories.person(app)
    with factories.register(app):
        company = factories.company().id
    whose = {"contact_id": person} if kind == "contact" else {"company_id": company}
    stands = {"review_on": clock.today(), "placed_at": clock.now()}

    def note() -> None:
        db.session.add(RetentionHold(kind="claim", reason="velkomus", **stands, **whose))

    def erase() -> None:
        people, firms = ([person], []) if kind == "contact" else ([], [company])
        with pytest.raises(Refused, match="A hold keeps"):
            door.erase(people, firms, why)

    beside(app, database, note, erase)
    assert len(rows_of(app, Contact)) == len(rows_of(app, Company)) == 1


def test_an_address_of_two_people_is_kept_once(app: Flask, database: Database) -> None:
    with factories.register(app):
        both = [factories.contact("Aino", name, phone="+358401234567") for name in ("Aho", "Ek")]
        for one in both:
            factories.objection(one)
        first, second = (one.id for one in both)

    def goes(number: int) -> Callable[[], None]:
        return lambda: door.erase([number], [], "hand")

    beside(app, database, goes(first), goes(second))
    assert rows_of(app, Contact) == []
    assert len(rows_of(app, Suppression)) == 1


def test_who_is_erased_twice_at_once_has_one_tombstone(app: Flask, database: Database) -> None:
    person = factories.person(app)

    def goes() -> None:
        door.erase([person], [], "request")

    beside(app, database, goes, goes)
    assert len(rows_of(app, Tombstone)) == 1
