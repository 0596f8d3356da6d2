"""What is rare is looked for only on the days that have it, and all of it is found."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.audit.test_ledger import asking, look
from tests.audit.test_pruning import OLD, aged, often, prune, rows
from wesentra import clock
from wesentra.audit import days_with, ledger
from wesentra.audit.ledger import Wanted
from wesentra.models.base import db

__all__ = ["aged", "often"]
MARCH = datetime(2026, 3, 1, 9, tzinfo=UTC)


def day(number: int) -> date:
    return date(2026, 3, number)


def spans(wanted: Wanted, until: date | None = None) -> list[tuple[date | None, date | None]]:
    return [(one.first, one.last) for one in days_with.days_with(wanted, until)]


@pytest.fixture
def month(app: Flask) -> Flask:
    """A look on every day of thirty, and breaches on four of them."""
    for number in range(30):
        look(app, number + 1, at=MARCH + timedelta(days=number))
    for number in (3, 4, 5, 20):
        look(app, at=MARCH + timedelta(days=number - 1, hours=1), operation="breach")
    return app


def test_only_the_days_with_such_entries_are_read(month: Flask) -> None:
    rare = Wanted(operation="breach")
    with asking(month):
        assert spans(rare) == [(day(20), day(20)), (day(3), day(5))]
        assert spans(rare, until=day(4)) == [(day(3), day(4))]
        assert spans(replace(rare, first=day(5), last=day(19))) == [(day(5), day(5))]
        assert spans(replace(rare, user=1)) == spans(rare)
        assert spans(replace(rare, user=2)) == []
        assert spans(Wanted(purpose="unstated")) == []
        assert spans(Wanted(operation="view")) == [(day(1), day(30))]
        assert spans(Wanted()) == [(None, None)]
        assert spans(Wanted(operation="breach", contact=7)) == [(None, None)]


def test_a_page_asks_of_no_other_days(month: Flask) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if "FROM log_entry" in statement and "ORDER BY" in statement:
            asked.append(statement)

    with asking(month):
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert len(ledger.page(Wanted(operation="breach")).entries) == 4
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 2
    assert all("log_entry.at >=" in one and "log_entry.at <" in one for one in asked)


QUESTIONS = [
    Wanted(operation="breach"),
    Wanted(operation="changes"),
    Wanted(purpose="unstated"),
    Wanted(about="contact", purpose="billing"),
    Wanted(outcome="not_done"),
    Wanted(user=0, operation="view"),
    Wanted(user=2, purpose="sales", last=day(20)),
]


@pytest.mark.parametrize("wanted", QUESTIONS, ids=str)
@pytest.mark.parametrize("size", [1, 4, 50])
def test_pages_give_what_reading_the_whole_log_gives(
    app: Flask, monkeypatch: pytest.MonkeyPatch, wanted: Wanted, size: int
) -> None:
    monkeypatch.setattr(days_with, "DAYS", 3)
    dice = random.Random(3)  # noqa: S311 - no secret
    for _ in range(60):
        look(
            app,
            1,
            user=dice.choice([None, 1, 2]),
            at=MARCH + timedelta(hours=dice.randrange(30 * 24)),
            operation=dice.choice(["view", "view", "view", "update", "breach"]),
            purpose=dice.choice(["sales", "sales", "billing", "other"]),
            outcome=dice.choice(["done", "done", "denied"]),
        )
    with asking(app):
        whole = sorted(ledger.each(wanted), key=lambda one: (one.at, one.id), reverse=True)
        found: list[int] = []
        page = ledger.page(wanted, size=size)
        found += [one.id for one in page.entries]
        while page.before is not None:
            page = ledger.page(wanted, before=page.before, size=size)
            found += [one.id for one in page.entries]
    assert found == [one.id for one in whole]


def test_days_whose_entries_are_gone_have_nothing_and_hide_nothing(aged: Flask) -> None:
    with clock.turned_to(OLD + timedelta(days=20)):
        look(aged, 50, operation="breach")
    assert prune(aged).last
    kept = rows(aged)
    wanted = Wanted(operation="view", purpose="sales")
    with asking(aged):
        assert ledger.count(wanted) == 26
        found = ledger.page(wanted)
        assert found.before is None
        assert {one.id for one in found.entries} == set(kept) - {27, kept[-1]}
        (breach,) = ledger.page(Wanted(operation="breach")).entries
        assert ledger.page(wanted, before=1).entries == []
    assert breach.subject_ids == (50,)
