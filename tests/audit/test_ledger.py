"""Questions to the log: what was done by whom to whom is found, counted and paged."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event

from tests import factories
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.actor import Acting, Showing, acting_as
from wesentra.audit import ledger
from wesentra.audit.ledger import Tally, Wanted
from wesentra.models.base import db, writing

NOON = datetime(2026, 3, 2, 10, tzinfo=UTC)


@contextmanager
def asking(app: Flask) -> Iterator[None]:
    """Inside the application, with nobody acting: the log itself names nobody."""
    with app.app_context():
        yield
        db.session.remove()


def look(
    app: Flask,
    *contacts: int,
    user: int | None = 1,
    at: datetime = NOON,
    operation: str = "view",
    purpose: str = "sales",
    request: str = "one",
    outcome: str = "done",
    about: str = "contact",
) -> None:
    """Let there be an entry."""
    acting = Acting(user, "staff", purpose, request, showing=Showing.VIEW)
    token = writing.set(True)
    with app.app_context(), acting_as(acting), clock.turned_to(at):
        acting.event(operation, about, list(contacts), ["email"], outcome)
        db.session.commit()
        db.session.remove()
    writing.reset(token)


def numbers(page: ledger.Page) -> list[tuple[int, ...]]:
    return [entry.subject_ids for entry in page.entries]


def test_who_looked_at_a_contact_is_found_in_long_lists_too(app: Flask) -> None:
    look(app, 7)
    look(app, *range(1, 51), operation="list")
    look(app, 8)
    with asking(app):
        found = ledger.page(Wanted(contact=7)).entries
    assert [entry.operation for entry in found] == ["list", "view"]
    assert found[0].count == 50


def test_every_filter_narrows(app: Flask) -> None:
    look(app, 1, user=1, purpose="sales")
    look(app, 2, user=2, purpose="billing", operation="update")
    look(app, 3, user=None, operation="denied", outcome="denied", request="two")
    with asking(app):
        assert numbers(ledger.page(Wanted(user=2))) == [(2,)]
        assert numbers(ledger.page(Wanted(user=0))) == [(3,)]
        assert numbers(ledger.page(Wanted(purpose="billing"))) == [(2,)]
        assert numbers(ledger.page(Wanted(operation="view"))) == [(1,)]
        assert numbers(ledger.page(Wanted(operation="changes"))) == [(2,)]
        assert numbers(ledger.page(Wanted(operation="handling"))) == [(2,), (1,)]
        assert numbers(ledger.page(Wanted(outcome="not_done"))) == [(3,)]
        assert numbers(ledger.page(Wanted(outcome="denied"))) == [(3,)]
        assert numbers(ledger.page(Wanted(request="two"))) == [(3,)]
        assert numbers(ledger.page(Wanted(about="company"))) == []
        assert numbers(ledger.page(Wanted(contact=1, user=2))) == []


def test_a_day_begins_and_ends_at_midnight_in_finland(app: Flask) -> None:
    look(app, 1, at=datetime(2026, 3, 1, 21, 59, 59, tzinfo=UTC))
    look(app, 2, at=datetime(2026, 3, 1, 22, tzinfo=UTC))
    look(app, 3, at=datetime(2026, 3, 2, 21, 59, 59, tzinfo=UTC))
    look(app, 4, at=datetime(2026, 3, 2, 22, tzinfo=UTC))
    second = date(2026, 3, 2)
    with asking(app):
        assert numbers(ledger.page(Wanted(first=second, last=second))) == [(3,), (2,)]
        assert ledger.by_day(Wanted()) == {
            date(2026, 3, 1): 1,
            second: 2,
            date(2026, 3, 3): 1,
        }


def test_pages_follow_each_other_without_gap_or_repetition(app: Flask) -> None:
    for number in range(1, 8):
        look(app, number, 99, at=NOON + timedelta(minutes=number // 3))
    for wanted in (Wanted(), Wanted(contact=99)):
        seen: list[int] = []
        before = None
        with asking(app):
            while True:
                page = ledger.page(wanted, before=before, size=3)
                seen += [entry.subject_ids[0] for entry in page.entries]
                before = page.before
                if before is None:
                    break
        assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_a_whole_request_is_told_in_its_order(app: Flask) -> None:
    look(app, 1, request="a")
    look(app, 2, request="b")
    look(app, 3, request="a", operation="update")
    with asking(app):
        assert [entry.subject_ids for entry in ledger.of_request("a")] == [(1,), (3,)]
        assert ledger.of_request("unknown") == []


def test_one_reading_gives_the_figures_by_user_operation_and_purpose(app: Flask) -> None:
    look(app, 1, user=1)
    look(app, 2, user=1)
    look(app, 2, user=2, operation="update", purpose="billing")
    look(app, user=None, operation="denied", outcome="denied")
    with asking(app):
        tallies = ledger.tally(Wanted())
    assert Tally(1, "view", "contact", "sales", True, 2) in tallies
    assert Tally(0, "denied", "contact", "sales", False, 1) in tallies
    assert list(ledger.by_operation(tallies).items()) == [("view", 2), ("denied", 1), ("update", 1)]
    assert ledger.by_purpose(tallies) == {"sales": 3, "billing": 1}
    assert list(ledger.by_user(tallies)) == [1, 0, 2]
    assert ledger.by_user(tallies)[2] == {"update": 1}


def test_a_person_in_a_list_counts_once_for_each_time(app: Flask) -> None:
    look(app, 1, 2)
    look(app, 2, 3)
    look(app, 2)
    with asking(app):
        assert list(ledger.by_contact(Wanted()).items()) == [(2, 3), (1, 1), (3, 1)]


def test_an_export_in_batches_is_one_request(app: Flask) -> None:
    acting = Acting(1, "privacy", "sales", "batches")
    with app.app_context(), acting_as(acting), clock.turned_to(NOON):
        for number in (1, 2, 3):
            acting.event("export", "company", [number])
            acting.event("export", "contact", [number])
            db.session.commit()
        db.session.remove()
    with asking(app):
        assert ledger.requests(Wanted(operation="export")) == 1
        assert ledger.requests(Wanted(operation="export", request="batches")) == 1
        assert ledger.count(Wanted(operation="export")) == 6


def test_all_entries_come_oldest_first_and_as_records(app: Flask) -> None:
    for number in (1, 2, 3):
        look(app, number)
    with asking(app):
        found = list(ledger.each(Wanted()))
    assert [entry.subject_ids for entry in found] == [(1,), (2,), (3,)]
    record = ledger.record(found[0])
    assert record["at"] == "2026-03-02T10:00:00+00:00"
    assert record["subject_ids"] == [1]
    assert record["fields"] == ["email"]


def test_an_empty_log_has_measured_nothing(app: Flask) -> None:
    with asking(app):
        assert ledger.coverage() == ledger.Coverage(None, None)
    look(app, 1, at=NOON)
    look(app, 1, at=NOON + timedelta(days=1))
    with asking(app):
        assert ledger.coverage() == ledger.Coverage(NOON, NOON + timedelta(days=1))


def test_users_are_named_and_contacts_are_not(app: Flask) -> None:
    name = factories.user(app, "staff", name="bertta")
    contact = factories.person(app, "Sylvi", "Salainen")
    look(app, contact, user=factories.user_id(app, name))
    with asking(app):
        entry = ledger.page(Wanted(contact=contact, operation="view")).entries[0]
    assert entry.actor == "Tester bertta"
    assert "Salainen" not in str(entry)


def exported(app: Flask, name: str, batches: int, at: datetime) -> None:
    acting = Acting(1, "privacy", "sales", name)
    with app.app_context(), acting_as(acting), clock.turned_to(at):
        for number in range(batches):
            acting.event("export", "contact", [2 * number + 1, 2 * number + 2])
            db.session.commit()
        db.session.remove()


def test_a_large_export_hides_no_other_one(app: Flask) -> None:
    for number in range(4):
        exported(app, f"small {number}", 1, NOON + timedelta(minutes=number))
    exported(app, "large", 60, NOON + timedelta(hours=1))
    with asking(app):
        found = ledger.latest_exports(Wanted(), 4)
        assert [each.request_id for each in found] == ["large", "small 3", "small 2", "small 1"]
        assert [each.people for each in found] == [120, 2, 2, 2]
        outside = Wanted(last=(NOON - timedelta(days=1)).date())
        assert ledger.latest_exports(outside, 4) == []


@sqlite_only
def test_exports_are_found_by_their_own_index(app: Flask) -> None:
    plans: list[str] = []
    with asking(app):

        def explain(_connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
            if statement.startswith("SELECT") and "GROUP BY" in statement:
                rows = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
                plans.append(" | ".join(row[3] for row in rows))

        event.listen(db.engine, "before_cursor_execute", explain)
        ledger.latest_exports(Wanted(operation="export", first=date(2026, 1, 1)), 5)
        event.remove(db.engine, "before_cursor_execute", explain)
    assert "ix_log_entry_exports" in plans[0]
