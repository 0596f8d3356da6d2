"""What was done with one contact's data, and when a user worked: read through their own indexes.

Columns are asked for instead of whole entries: what is told or counted needs no more, and a person
may stand in thousands of lists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from wesentra.audit.entry import LogEntry, LogSubject
from wesentra.audit.hours import hour_of, moment_of
from wesentra.audit.life import GONE
from wesentra.audit.wanted import Wanted, matching
from wesentra.models.base import db

BATCH = 1000


@dataclass(frozen=True)
class Handling:
    """One time somebody's data were handled, as they are told it: by whom is left out.

    They have a right to dates and purposes, not to the names of employees (CJEU C-579/21).
    """

    at: datetime
    operation: str
    purpose: str
    role: str


@dataclass(frozen=True)
class HandlingSum:
    """How often a contact's data were handled in one way, for the first and for the last time."""

    operation: str
    purpose: str
    role: str
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Hour:
    """How many entries of one kind a user left in one hour; `begin` in UTC."""

    begin: datetime
    operation: str
    purpose: str
    done: bool
    count: int


def handlings(contact_id: int) -> Iterator[Handling]:
    """Every time that a contact's data were handled, oldest first, in batches."""
    columns = (LogEntry.id, LogEntry.at, LogEntry.operation, LogEntry.purpose, LogEntry.role)
    last = 0
    while True:
        query = (
            _about(contact_id, *columns)
            .where(LogSubject.entry_id > last)
            .order_by(LogSubject.entry_id)
            .limit(BATCH)
        )
        rows = db.session.execute(query).all()
        for row in rows:
            yield Handling(row.at, row.operation, row.purpose, row.role)
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def handling_sums(contact_id: int) -> list[HandlingSum]:
    """The same by operation, purpose and role, the most frequent first."""
    kinds = (LogEntry.operation, LogEntry.purpose, LogEntry.role)
    figures = (func.count(), func.min(LogEntry.at), func.max(LogEntry.at))
    rows = db.session.execute(_about(contact_id, *kinds, *figures).group_by(*kinds)).all()
    found = [HandlingSum(*row) for row in rows]
    return sorted(found, key=lambda sum_: (-sum_.count, sum_.operation, sum_.purpose, sum_.role))


def _about(contact_id: int, *columns: Any) -> Any:
    query = select(*columns).select_from(LogSubject)
    query = query.join(LogEntry, LogEntry.id == LogSubject.entry_id)
    return query.where(LogSubject.contact_id == contact_id, LogSubject.entry_id > GONE)


def hours(wanted: Wanted) -> list[Hour]:
    """What was done in each hour, in order; `wanted` names a user and days, or it reads much."""
    hour = hour_of(LogEntry.at)
    done = LogEntry.outcome == "done"
    query = matching(
        select(
            hour.label("hour"),
            LogEntry.operation,
            LogEntry.purpose,
            done.label("done"),
            func.count(),
        ),
        wanted,
    )
    rows = db.session.execute(
        query.group_by("hour", LogEntry.operation, LogEntry.purpose, "done").order_by("hour")
    )
    return [
        Hour(moment_of(text), what, why, bool(ok), count) for text, what, why, ok, count in rows
    ]
