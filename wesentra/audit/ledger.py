"""Questions to the access log: the only door for compliance.

Entries come newest first and page by key. An answer may name users, never contacts: it knows
them by number alone.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_

from wesentra.audit.counts import (
    Tally,
    by_contact,
    by_day,
    by_day_and_purpose,
    by_operation,
    by_purpose,
    by_user,
    count,
    measured_from,
    requests,
    tally,
)
from wesentra.audit.daily import Daily, UserDay, by_user_and_day, daily
from wesentra.audit.day import finnish
from wesentra.audit.days_with import days_with
from wesentra.audit.entry import LogEntry, LogSubject, Operation
from wesentra.audit.extent import Export, Extent, extent, latest_exports
from wesentra.audit.handling import (
    Handling,
    HandlingSum,
    Hour,
    handling_sums,
    handlings,
    hours,
)
from wesentra.audit.read_out import at_one_moment, each, stretch
from wesentra.audit.records import (
    Entry,
    anchor_records,
    checkpoint_records,
    entry_of,
    record,
    sealed_record,
    user_names,
)
from wesentra.audit.wanted import GROUPS, UNSTATED, VAGUE, Wanted, matching, still_there
from wesentra.models.base import IDS_END, db

__all__ = [
    "GROUPS",
    "UNSTATED",
    "VAGUE",
    "Coverage",
    "Daily",
    "Entry",
    "Export",
    "Extent",
    "Handling",
    "HandlingSum",
    "Hour",
    "Operation",
    "Page",
    "Tally",
    "UserDay",
    "Wanted",
    "anchor_records",
    "at_one_moment",
    "by_contact",
    "by_day",
    "by_day_and_purpose",
    "by_operation",
    "by_purpose",
    "by_user",
    "by_user_and_day",
    "checkpoint_records",
    "count",
    "coverage",
    "daily",
    "each",
    "extent",
    "handling_sums",
    "handlings",
    "hours",
    "latest_exports",
    "looked_alone",
    "measured_from",
    "of_request",
    "page",
    "record",
    "requests",
    "sealed_record",
    "stretch",
    "tally",
    "user_names",
]

PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of entries and the id before which the next one starts (None: this is the last)."""

    entries: list[Entry]
    before: int | None


@dataclass(frozen=True)
class Coverage:
    """Since when and until when the log knows; outside of it nothing was measured."""

    first: datetime | None
    last: datetime | None


# --- entries ------------------------------------------------------------------------------


def page(
    wanted: Wanted, before: int | None = None, size: int = PAGE, *, alone: bool = True
) -> Page:
    """Entries, newest first; `before` is the last id of the page before.

    Without `alone` those are left out that only the program looked for.
    """
    before = before if before is not None and 0 < before < IDS_END else None
    passed = db.session.scalar(select(LogEntry.at).where(LogEntry.id == before)) if before else None
    if before is not None and passed is None and wanted.contact is None:
        return Page([], None)
    rows: list[LogEntry] = []
    for some in days_with(wanted, until=finnish(passed) if passed else None):
        query = _newest_first(some, before, passed).limit(size + 1 - len(rows))
        query = query if alone else query.where(LogEntry.operation != Operation.PROGRAM)
        rows += db.session.scalars(query).all()
        if len(rows) > size:
            break
    names = user_names()
    entries = [entry_of(row, names) for row in rows[:size]]
    return Page(entries, entries[-1].id if len(rows) > size else None)


def _newest_first(wanted: Wanted, before: int | None, passed: datetime | None) -> Any:
    """A select of entries before the entry `before`, whose time is `passed`."""
    query = matching(select(LogEntry), wanted)
    if wanted.contact is not None:
        query = query.order_by(LogSubject.entry_id.desc())
        return query.where(LogSubject.entry_id < before) if before else query
    query = query.order_by(LogEntry.at.desc(), LogEntry.id.desc())
    here = tuple_(LogEntry.at, LogEntry.id)
    there = tuple_(passed, before, types=(LogEntry.at.type, LogEntry.id.type))
    return query.where(here < there) if before else query


def looked_alone(wanted: Wanted) -> int:
    """How many entries `page` leaves out without `alone`: by the daily figures where they know, of
    the days that still have entries."""
    if wanted.contact is not None or wanted.about or wanted.operation:
        return 0
    oldest = db.session.scalar(_oldest())
    begun = max(filter(None, (wanted.first, finnish(oldest) if oldest else None)), default=None)
    return count(replace(wanted, operation=Operation.PROGRAM, first=begun))


def of_request(request_id: str, user: int | None = None) -> list[Entry]:
    """Everything that one request, command or job did, in its order; of `user` alone if given."""
    if not request_id.isprintable():
        return []  # PostgreSQL compares no text with a NUL in it
    query = still_there(select(LogEntry)).where(LogEntry.request_id == request_id)
    if user is not None:
        query = query.where(LogEntry.actor_id == user)
    rows = db.session.scalars(query.order_by(LogEntry.id))
    names = user_names()
    return [entry_of(row, names) for row in rows]


def coverage() -> Coverage:
    """The time of the first and of the last entry."""
    # Two questions, since each alone is answered from the end of an index.
    return Coverage(db.session.scalar(_oldest()), db.session.scalar(select(func.max(LogEntry.at))))


def _oldest() -> Any:
    return still_there(select(LogEntry.at)).order_by(LogEntry.at).limit(1)
