"""The daily figures of the access log: kept by whoever appends, and left when entries go.

A question about a year is answered from some thousand rows here instead of from all of its
entries.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
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


Kind = tuple[date, str, bool]
"""What a request is counted once for: day, operation, and whether it was done."""
KEY = ("day", "actor_id", "role", "purpose", "operation", "about", "done")
FIGURES = ("entries", "shown", "requests")
FIRST = "first"
"""What the writer says beside an entry: it is the first of its request's for that operation."""

_table = Base.metadata.tables[LogDay.__tablename__]


def finnish(at: datetime) -> date:
    """The day in Finland of a moment."""
    return at.astimezone(clock.HELSINKI).date()


def figures(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What these entries add to the figures, one row for each key. Pure."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for entry in entries:
        own = found.setdefault(_key(entry), [0, 0, 0])
        own[0] += 1
        own[1] += entry["shown"]
        own[2] += bool(entry.get(FIRST))
    return [
        dict(zip(KEY, key, strict=True)) | dict(zip(FIGURES, own, strict=True))
        for key, own in found.items()
    ]


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


def _key(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    by_program = entry["operation"] == Operation.PROGRAM  # it has its reason in the type's place
    return (
        finnish(entry["at"]),
        entry["actor_id"] or 0,
        entry["role"],
        entry["purpose"],
        str(entry["operation"]),
        "" if by_program else entry["subject_type"],
        entry["outcome"] == "done",
    )


def _adding(insert: Any) -> Any:
    new = insert(_table)
    summed = {name: _table.c[name] + new.excluded[name] for name in FIGURES}
    return new.on_conflict_do_update(index_elements=KEY, set_=summed)


_ADD = {"sqlite": _adding(sqlite.insert), "postgresql": _adding(postgresql.insert)}


def add(connection: Connection, entries: Iterable[Mapping[str, Any]]) -> None:
    """Add the entries to their days; for whoever holds the head of the chain."""
    connection.execute(_ADD[connection.dialect.name], figures(entries))
