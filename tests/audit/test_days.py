"""The daily figures say what the entries say, for every question that they answer."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.audit.test_ledger import asking, look
from tests.databases import Database
from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.audit import counts, ledger
from wesentra.audit.ledger import Wanted
from wesentra.models.base import db

FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture
def varied(app: Flask) -> Flask:
    """Looks of some days by several users, for several purposes, some of them refused."""
    dice = random.Random(8)  # noqa: S311 - no secret
    for number in range(40):
        look(
            app,
            *range(1, dice.randrange(1, 5)),
            user=dice.choice([None, 1, 2]),
            at=FIRST + timedelta(hours=7 * number % 100, minutes=number),
            operation=dice.choice(["view", "list", "export", "program"]),
            purpose=dice.choice(["sales", "billing"]),
            request=f"request {number}",
            outcome=dice.choice(["done", "done", "denied"]),
        )
    return app


QUESTIONS = [
    Wanted(),
    Wanted(user=0),
    Wanted(user=2, operation="handling"),
    Wanted(operation="export", outcome="not_done"),
    Wanted(about="contact", outcome="done"),
    Wanted(purpose="sales", first=DAY),
    Wanted(first=DAY, last=DAY),
]


@pytest.mark.parametrize("wanted", QUESTIONS, ids=str)
def test_they_equal_what_is_counted_among_the_entries(varied: Flask, wanted: Wanted) -> None:
    def answers() -> tuple[object, ...]:
        tallies = sorted(ledger.tally(wanted), key=str)
        return ledger.count(wanted), ledger.requests(wanted), ledger.by_day(wanted), tallies

    with asking(varied):
        daily = answers()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(counts, "from_days", lambda _: False)
            assert answers() == daily
    assert daily[0]


def test_days_and_purposes_are_asked_without_reading_an_entry(varied: Flask) -> None:
    asked: list[str] = []
    with asking(varied):
        expected = Counter(
            (entry.at.astimezone(clock.HELSINKI).date(), entry.purpose)
            for entry in ledger.each(Wanted(operation="view"))
        )
        event.listen(
            db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]), once=False
        )
        found = ledger.by_day_and_purpose(Wanted(operation="view"))
        assert ledger.measured_from() == FIRST.astimezone(clock.HELSINKI).date()
    assert {(day, key): n for day, own in found.items() for key, n in own.items()} == expected
    assert list(found) == sorted(found)
    assert not any("log_entry" in statement for statement in asked)


def test_one_contact_is_no_question_of_theirs(app: Flask) -> None:
    with asking(app), pytest.raises(ValueError, match="single contacts"):
        ledger.by_day_and_purpose(Wanted(contact=1))


def test_a_day_begins_in_finland(app: Flask) -> None:
    look(app, 1, at=datetime(2026, 3, 1, 21, 59, tzinfo=UTC))
    look(app, 1, at=datetime(2026, 3, 1, 22, 0, tzinfo=UTC))
    with asking(app):
        assert ledger.by_day(Wanted()) == {DAY - timedelta(days=1): 1, DAY: 1}


def test_what_was_not_committed_is_not_counted(app: Flask) -> None:
    acting = Acting(1, "privacy", "sales", "one")
    with app.app_context(), acting_as(acting), clock.turned_to(FIRST):
        db.session.execute(text("select 1"))
        acting.event("export", "contact", [1])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(db.engine.dialect, "do_commit", broken)
            with pytest.raises(RuntimeError):
                db.session.commit()
        db.session.rollback()
        acting.event("export", "contact", [1])
        db.session.commit()
        assert ledger.requests(Wanted(operation="export")) == 1
        assert ledger.count(Wanted(operation="export")) == 1
        db.session.remove()


def broken(_connection: object) -> None:
    raise RuntimeError("the disk is full")


@pytest.mark.parametrize(
    "statement",
    [
        "update log_day set entries = entries - 1",
        "update log_day set shown = 0",
        "update log_day set purpose = 'sales'",
        "delete from log_day",
        "update log_total set entries = entries - 1",
        "update log_total set purpose = 'sales'",
        "delete from log_total",
    ],
)
def test_they_only_grow(app: Flask, database: Database, statement: str) -> None:
    factories.person(app)
    engine = create_engine(database.owner_url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="only grow"):
        connection.execute(text(statement))
    engine.dispose()
