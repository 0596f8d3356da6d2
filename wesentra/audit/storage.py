"""Values of another kind than their column's: SQLite keeps what it is given.

Bytes that spell a word are sealed like the word, but no question for the word finds them.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    and_,
    func,
    not_,
    or_,
    select,
    type_coerce,
)

from wesentra.audit.day import LogDay, LogTotal
from wesentra.audit.entry import LogEntry
from wesentra.audit.verdict import Fault, Finding
from wesentra.models.base import Base

_KINDS = (
    ((String, Date, DateTime), "text"),
    ((Boolean, Integer), "integer"),
    (LargeBinary, "blob"),
)


def strange(connection: Connection) -> Finding | None:
    """The first entry, or the first day of the figures, with such a value."""
    if connection.dialect.name != "sqlite":
        return None
    number = connection.scalar(_first(LogEntry, "id"))
    if number is not None:
        return Finding(Fault.CHANGED, int(number))
    for figures in (LogDay, LogTotal):
        day = connection.scalar(_first(figures, "day"))
        if day is not None:
            return Finding(Fault.FIGURES, 0, day=day)
    return None


def _first(model: type[Base], name: str) -> Any:
    table = Base.metadata.tables[model.__tablename__]
    return select(func.min(table.c[name])).where(not_(and_(*map(_fits, table.c))))


def _fits(column: Column[Any]) -> Any:
    bare = getattr(column.type, "impl", column.type)
    kind = next(word for types, word in _KINDS if isinstance(bare, types))
    fits = func.typeof(column) == kind
    if isinstance(bare, Boolean):
        fits = and_(fits, type_coerce(column, Integer).between(0, 1))
    return or_(column.is_(None), fits) if column.nullable else fits
