"""Spans of the log: everything from one entry to another, read once in order, for reviews."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from wesentra.audit import records
from wesentra.audit.entry import LogEntry
from wesentra.audit.life import GONE
from wesentra.audit.results import LogVerification
from wesentra.models.base import Base, db

BATCH = 5000
_entries = Base.metadata.tables[LogEntry.__tablename__].c


class Row(NamedTuple):
    """What a review reads of one entry; `reason_id` leads to why a restricted person was opened."""

    id: int
    at: datetime
    request_id: str
    actor_id: int | None
    purpose: str
    operation: str
    subject_type: str
    subject_ids: str
    outcome: str
    channel: str
    source: str
    endpoint: str
    reason_id: int | None = None

    def ids(self) -> list[int]:
        """The numbers of the subjects; none where they were redacted."""
        found: list[int] = json.loads(self.subject_ids or "[]")
        return found


_COLUMNS = tuple(_entries[name] for name in Row._fields)


def bounds(begin: datetime, end: datetime) -> tuple[int, int] | None:
    """The first and the last entry of a time, `end` excluded; None when there is none."""
    within = (_entries.at >= begin, _entries.at < end, _entries.id + 0 > GONE)
    query = select(func.min(_entries.id), func.max(_entries.id)).where(*within)
    first, last = db.session.execute(query).one()
    return (first, last) if first is not None else None


def rows(first: int, last: int) -> Iterator[Row]:
    """The entries from `first` to `last`, both included, in batches; memory stays constant."""
    query = select(*_COLUMNS).where(_entries.id <= last).order_by(_entries.id).limit(BATCH)
    before = first - 1
    while found := db.session.execute(query.where(_entries.id > before)).all():
        for row in found:
            yield Row(*row)
        before = found[-1].id


def before(first: int) -> int:
    """The number that `first` follows: of the entry before it, or of the last that went by rule."""
    found = db.session.scalar(select(func.max(_entries.id)).where(_entries.id < first))
    return found if found is not None else min(records.gone(), first - 1)


def of_users(users: Iterable[int], since: datetime, end: int) -> Iterator[Row]:
    """What each of these users did from a moment on, before entry `end`; for a few days."""
    for user in users:
        own = (_entries.actor_id == user, _entries.at >= since, _entries.id < end)
        query = select(*_COLUMNS).where(*own).order_by(_entries.at, _entries.id)
        for row in db.session.execute(query):
            yield Row(*row)


def sources(begin: datetime, days: int) -> dict[int, frozenset[str]]:
    """The network addresses that each user was seen at in the days before a moment."""
    query = (
        select(_entries.actor_id, _entries.source)
        .where(_entries.at >= begin - timedelta(days=days), _entries.at < begin)
        .where(_entries.channel == "web", _entries.actor_id.is_not(None))
        .distinct()
    )
    found: dict[int, set[str]] = {}
    for user, source in db.session.execute(query):
        found.setdefault(user, set()).add(source)
    return {user: frozenset(known) for user, known in found.items()}


def some(numbers: Sequence[int]) -> list[Row]:
    """A few entries by their numbers, in order."""
    query = select(*_COLUMNS).where(_entries.id.in_(numbers)).order_by(_entries.id)
    return [Row(*row) for row in db.session.execute(query)]


def faults(begin: datetime, end: datetime) -> list[datetime]:
    """When a verification of the log found a fault."""
    at = LogVerification.at
    bad = (LogVerification.fault.is_not(None), at >= begin, at < end)
    return list(db.session.scalars(select(at).where(*bad).order_by(at)))
