"""How old and how large the log is, and its exports; answered from the ends of indexes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import REGCLASS

from wesentra.audit.counts import measured_from
from wesentra.audit.entry import EXPORTED, LogCheckpoint, LogEntry, LogHead, LogSubject, Operation
from wesentra.audit.life import GONE
from wesentra.audit.wanted import Wanted, matching, still_there
from wesentra.models.base import db

TABLES = (LogEntry, LogSubject, LogCheckpoint)


@dataclass(frozen=True)
class Extent:
    """The entries that are there, and what they take.

    `first` is the time of the oldest, None for an empty log; `figures_since` the first day with
    daily figures, which stay when entries go. `size` is in bytes: on PostgreSQL of the log's
    tables with their indexes (`of_log`), on SQLite of the one file with the whole register.
    """

    first: datetime | None
    entries: int
    figures_since: date | None
    size: int
    of_log: bool


def extent() -> Extent:
    """The log as it is. Its numbers have no gap, so the entries are counted by their ends."""
    oldest = (
        select(LogEntry.id, LogEntry.at).where(LogEntry.id > GONE).order_by(LogEntry.id).limit(1)
    )
    first = db.session.execute(oldest).one_or_none()
    last = db.session.scalar(select(LogHead.last)) or 0
    of_log = db.engine.dialect.name == "postgresql"
    return Extent(
        first=first.at if first else None,
        entries=last - first.id + 1 if first else 0,
        figures_since=measured_from(),
        size=_of_tables() if of_log else _of_file(),
        of_log=of_log,
    )


def _of_tables() -> int:
    names = (str(one.__tablename__) for one in TABLES)
    sizes: list[Any] = [func.pg_total_relation_size(cast(name, REGCLASS)) for name in names]
    return sum(db.session.execute(select(*sizes)).one())


def _of_file() -> int:
    return Path(str(db.engine.url.database)).stat().st_size


@dataclass(frozen=True)
class Export:
    """One request by which people left as a file: when, by whom, why, how many."""

    request_id: str
    at: datetime
    user: int
    role: str
    purpose: str
    people: int


def latest_exports(wanted: Wanted, size: int) -> list[Export]:
    """The latest exports of people, newest first, each request once, however many its entries."""
    request = func.coalesce(LogEntry.request_id, "")  # the plain one would be read by its own index
    rows = matching(select(request.label("request")), wanted).where(
        EXPORTED, LogEntry.operation == Operation.EXPORT
    )
    newest = rows.group_by("request").order_by(func.max(LogEntry.at).desc()).limit(size)
    return _of_requests(db.session.scalars(newest).all())


def _of_requests(found: Iterable[str]) -> list[Export]:
    key = (LogEntry.request_id, LogEntry.actor_id, LogEntry.role, LogEntry.purpose)
    people = func.sum(LogEntry.shown).filter(LogEntry.subject_type == "contact")
    rows = db.session.execute(
        still_there(select(*key, func.max(LogEntry.at).label("at"), people))
        .where(LogEntry.request_id.in_(list(found)), LogEntry.operation == Operation.EXPORT)
        .group_by(*key)
        .order_by(func.max(LogEntry.at).desc())
    )
    return [
        Export(request, at, user or 0, role, purpose, people or 0)
        for request, user, role, purpose, at, people in rows
    ]
