"""What was done with one person's data and what one user did: told, counted, and found by index."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.audit.test_ledger import NOON, asking, look
from tests.databases import sqlite_only
from wesentra.audit import handling, ledger
from wesentra.audit.ledger import Wanted
from wesentra.models.base import db

DAYS = {"first": date(2026, 3, 1), "last": date(2026, 3, 31)}


def test_a_person_s_handlings_come_oldest_first_and_name_nobody(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling, "BATCH", 2)
    for hours in range(5):
        look(app, 7, 8, at=NOON + timedelta(hours=hours), purpose=f"purpose{hours}")
    look(app, 8)
    with asking(app):
        found = list(ledger.handlings(7))
    assert [one.purpose for one in found] == [f"purpose{hours}" for hours in range(5)]
    assert [one.at for one in found] == [NOON + timedelta(hours=hours) for hours in range(5)]
    assert set(vars(found[0])) == {"at", "operation", "purpose", "role"}


def test_a_person_s_sums_have_their_first_and_last_time(app: Flask) -> None:
    for hours in (0, 5, 2):
        look(app, 7, at=NOON + timedelta(hours=hours))
    look(app, *range(1, 51), operation="list", at=NOON + timedelta(days=1))
    look(app, 8)
    with asking(app):
        found = ledger.handling_sums(7)
        assert ledger.handling_sums(99) == []
    assert [(one.operation, one.count) for one in found] == [("view", 3), ("list", 1)]
    assert (found[0].first, found[0].last) == (NOON, NOON + timedelta(hours=5))


def test_a_user_s_hours_are_counted_by_kind_purpose_and_outcome(app: Flask) -> None:
    look(app, 1)
    look(app, 2, at=NOON + timedelta(minutes=59))
    look(app, 3, at=NOON + timedelta(minutes=61), outcome="denied")
    look(app, 4, user=2)
    look(app, 5, at=NOON - timedelta(days=40))
    with asking(app):
        found = ledger.hours(Wanted(user=1, **DAYS))
    assert [(one.begin, one.count, one.done) for one in found] == [
        (NOON, 2, True),
        (datetime(2026, 3, 2, 11, tzinfo=UTC), 1, False),
    ]


def test_a_request_of_several_is_narrowed_to_one_user_s(app: Flask) -> None:
    look(app, 1, user=1, request="r")
    look(app, 2, user=2, request="r")
    with asking(app):
        assert [one.subject_ids for one in ledger.of_request("r", 2)] == [(2,)]
        assert ledger.of_request("r", 3) == []


QUESTIONS: dict[str, Callable[[], Any]] = {
    "a user's page": lambda: ledger.page(Wanted(user=1, **DAYS)),
    "a user's next page": lambda: ledger.page(Wanted(user=1, **DAYS), before=5),
    "a user's days": lambda: ledger.hours(Wanted(user=1, **DAYS)),
    "a person's page": lambda: ledger.page(Wanted(contact=1, operation="view", **DAYS)),
    "a person's sums": lambda: ledger.handling_sums(1),
    "a person's answer": lambda: list(ledger.handlings(1)),
    "one request": lambda: ledger.of_request("x", 1),
    "one's own file": lambda: list(ledger.each(Wanted(user=1, **DAYS))),
    "a person's file": lambda: list(ledger.each(Wanted(contact=1))),
}


@sqlite_only
@pytest.mark.parametrize("name", QUESTIONS)
def test_no_page_reads_the_whole_log(app: Flask, name: str) -> None:
    asked: list[tuple[str, Iterable[Any]]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if "log_entry" in statement:
            asked.append((statement, values))

    with asking(app):
        event.listen(db.engine, "before_cursor_execute", note)
        QUESTIONS[name]()
        event.remove(db.engine, "before_cursor_execute", note)
        assert asked
        for statement, values in asked:
            plan = db.session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", tuple(values)
            )
            steps = [str(row[-1]) for row in plan]
            assert [step for step in steps if step.startswith("SCAN")] == [], statement
