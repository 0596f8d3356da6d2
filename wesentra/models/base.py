"""The declarative base, the database handle and the column types that all tables share."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Index,
    MetaData,
    String,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.orm import DeclarativeBase

from wesentra.models.turns import PATIENCE, Turns

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""True where the next transaction is meant to write: SQLite then takes its one write lock at
once, instead of failing half-way when another writer came between (SQLITE_BUSY_SNAPSHOT)."""


@contextmanager
def meant_to_write(meant: bool = True) -> Iterator[None]:
    """Say of the transactions that begin inside the block whether they are meant to write."""
    token = writing.set(meant)
    try:
        yield
    finally:
        writing.reset(token)


flushing: ContextVar[bool] = ContextVar("flushing", default=False)
"""True while the session writes what its objects have become; the audit layer asks."""


class RegisterSession(Session):
    """The session of the register: it says when it flushes."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write pending changes, saying so to whom it concerns."""
        token = flushing.set(True)
        try:
            super().flush(objects)
        finally:
            flushing.reset(token)


IDS_END = 2**31
"""No id of the register reaches this; both databases could not even compare with more."""


class Base(DeclarativeBase):
    """The base of every table; constraints get the same names on both databases."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": RegisterSession, "expire_on_commit": False},
    disable_autonaming=True,
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; naive datetimes are refused on the way in, aware ones come out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Strip the zone after turning to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say again that it is UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def folded(length: int) -> Any:
    """A string that is compared byte by byte on both databases, for folded words and sort keys."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def only_where_set(name: str, column: str) -> Index:
    """An index of the rows where a column that is mostly empty has a value.

    A whole one would be taken for `column IS NULL`, which is nearly every row, and lists would be
    sorted anew instead of read in their order.
    """
    condition = text(f"{column} IS NOT NULL")
    return Index(name, column, sqlite_where=condition, postgresql_where=condition)


PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    f"busy_timeout={PATIENCE * 1000:.0f}",
    "temp_store=MEMORY",
    "cache_size=-16000",
    "wal_autocheckpoint=8000",
)


def prepare_engine(engine: Engine) -> None:
    """Give SQLite its pragmas and transactions that really begin. On either database nobody waits
    for a lock longer than `PATIENCE`."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _wait_no_longer)
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    turns = Turns(engine)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if writing.get():
            turns.begin(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _wait_no_longer(connection: Any, _record: Any) -> None:
    """PostgreSQL would wait for a lock for ever, and whoever else writes behind it."""
    connection.autocommit = True  # or the next rollback would take it back
    connection.execute(f"SET lock_timeout = {PATIENCE * 1000:.0f}")
    connection.autocommit = False
