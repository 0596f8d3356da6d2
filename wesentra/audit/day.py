"""The daily figures of the access log: kept by whoever appends, and left when entries go.

A question about a year is answered from some thousand rows here instead of from all of its
entries; one that names no user from the totals of all of them, however many users there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Integer, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped

from wesentra import clock
from wesentra.audit.entry import Operation
from wesentra.models.base import Base
from wesentra.models.personal import not_personal


class LogDay(Base):
    """What one user left in the log on one Finnish day, of one kind and for one purpose.

    `actor_id` 0: nobody was signed in; `about` is the type of the subjects, empty where only the
    program looked; `done` is false for what was denied or failed. `shown` sums what the entries
    say of it. `requests` counts a request once for an operation and a day, however many entries
    told of it: a large export in batches is one. It stands in the row that told of it first, that
    of contacts where there is one.
    """

    __tablename__ = "log_day"
    __table_args__ = {"sqlite_with_rowid": False}

    day: Mapped[date] = not_personal(Date, primary_key=True)
    actor_id: Mapped[int] = not_personal(Integer, primary_key=True, autoincrement=False)
    role: Mapped[str] = not_personal(String(20), primary_key=True)
    purpose: Mapped[str] = not_personal(String(40), primary_key=True)
    operation: Mapped[str] = not_personal(String(20), primary_key=True)
    about: Mapped[str] = not_personal(String(20), primary_key=True)
    done: Mapped[bool] = not_personal(Boolean, primary_key=True)
    entries: Mapped[int] = not_personal(Integer)
    shown: Mapped[int] = not_personal(Integer)
    requests: Mapped[int] = not_personal(Integer)


class LogTotal(Base):
    """What all users together left in the log on one Finnish day: LogDay without user and role."""

    __tablename__ = "log_total"
    __table_args__ = {"sqlite_with_rowid": False}

    day: Mapped[date] = not_personal(Date, primary_key=True)
    purpose: Mapped[str] = not_personal(String(40), primary_key=True)
    operation: Mapped[str] = not_personal(String(20), primary_key=True)
    about: Mapped[str] = not_personal(String(20), primary_key=True)
    done: Mapped[bool] = not_personal(Boolean, primary_key=True)
    entries: Mapped[int] = not_personal(Integer)
    shown: Mapped[int] = not_personal(Integer)
    requests: Mapped[int] = not_personal(Integer)


Kind = tuple[date, str, bool]
"""What a request is counted once for: day, operation, and whether it was done."""
EARLIEST, LATEST = date(2000, 1, 1), date(9000, 1, 1)
KEY = ("day", "actor_id", "role", "purpose", "operation", "about", "done")
TOTAL_KEY = ("day", "purpose", "operation", "about", "done")
FIGURES = ("entries", "shown", "requests")
FIRST = "first"
"""What the writer says beside an entry: it is the first of its request's for that operation."""


def finnish(at: datetime) -> date:
    """The day in Finland of a moment."""
    return clock.day_of(at)


def begin_of(day: date) -> datetime:
    """The moment at which a day begins in Finland; days beyond all entries are drawn near."""
    return datetime.combine(min(max(day, EARLIEST), LATEST), time.min, clock.HELSINKI)


def figures(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What these entries add to LogDay, one row for each key. Pure."""
    return _summed(KEY, map(_row, entries))


def totals(days: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What these rows of LogDay add to LogTotal, one row for each key. Pure."""
    return _summed(TOTAL_KEY, days)


def _summed(key: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        kind = tuple(row[name] for name in key)
        own = found.setdefault(kind, dict(zip(key, kind, strict=True)) | dict.fromkeys(FIGURES, 0))
        for name in FIGURES:
            own[name] += row[name]
    return list(found.values())


def mark_first(entries: Sequence[dict[str, Any]], told: AbstractSet[Kind]) -> set[Kind]:
    """Mark the entries by which their request is counted, once a kind; all kinds told by now.

    `told` are the kinds that the request's entries had before.
    """
    kinds = set(told)
    for entry in sorted(entries, key=lambda entry: entry["subject_type"] != "contact"):
        kind = (finnish(entry["at"]), str(entry["operation"]), entry["outcome"] == "done")
        entry[FIRST] = kind not in kinds
        kinds.add(kind)
    return kinds


def _row(entry: Mapping[str, Any]) -> dict[str, Any]:
    by_program = entry["operation"] == Operation.PROGRAM  # it has its reason in the type's place
    return {
        "day": finnish(entry["at"]),
        "actor_id": entry["actor_id"] or 0,
        "role": entry["role"],
        "purpose": entry["purpose"],
        "operation": str(entry["operation"]),
        "about": "" if by_program else entry["subject_type"],
        "done": entry["outcome"] == "done",
        "entries": 1,
        "shown": entry["shown"],
        "requests": int(bool(entry.get(FIRST))),
    }


def _adding(model: type[Base], key: Sequence[str], insert: Any) -> Any:
    table = Base.metadata.tables[model.__tablename__]
    new = insert(table)
    summed = {name: table.c[name] + new.excluded[name] for name in FIGURES}
    return new.on_conflict_do_update(index_elements=key, set_=summed)


_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_ADD = {name: _adding(LogDay, KEY, insert) for name, insert in _INSERT.items()}
_ADD_UP = {name: _adding(LogTotal, TOTAL_KEY, insert) for name, insert in _INSERT.items()}


def add(connection: Connection, entries: Iterable[Mapping[str, Any]]) -> None:
    """Add the entries to their days; for whoever holds the head of the chain."""
    own = figures(entries)
    connection.execute(_ADD[connection.dialect.name], own)
    connection.execute(_ADD_UP[connection.dialect.name], totals(own))
