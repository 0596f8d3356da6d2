"""The log as evidence, read from the register."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Engine, String, cast, func, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from wesentra.audit import seal
from wesentra.audit.chain import CHECKPOINT_ENTRIES
from wesentra.audit.entry import LogCheckpoint, LogEntry, LogHead
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verification import Evidence, Sealed
from wesentra.models.base import Base

BATCH = 10_000

_tables = Base.metadata.tables
_entries = _tables[LogEntry.__tablename__].c
_checkpoints = _tables[LogCheckpoint.__tablename__]
_head = _tables[LogHead.__tablename__].c


@contextmanager
def evidence(
    engine: Engine, keys: Mapping[str, Ed25519PublicKey], copies: Sequence[Checkpoint] = ()
) -> Iterator[Evidence]:
    """The register's log as it is at one moment, while others go on writing."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield Evidence(
                entries=partial(entries, connection),
                checkpoints=checkpoints(connection),
                keys=keys,
                unsigned=CHECKPOINT_ENTRIES,
                end=end(connection),
                copies=copies,
            )


def _told(kind: str) -> ColumnElement[str]:
    """What an entry says, put together by the database: `seal.told` in SQL."""
    text: Any = cast(_entries.at, String)
    if kind == "postgresql":
        text = func.to_char(_entries.at, "YYYY-MM-DD HH24:MI:SS.US", type_=String)
    for name in seal.FIELDS[1:]:
        column: Any = _entries[name]
        if not isinstance(column.type, String):
            column = func.coalesce(cast(column, String), "")
        text = text + literal_column("char(10)" if kind == "sqlite" else "chr(10)") + column
    return text  # type: ignore[no-any-return]


def entries(connection: Connection) -> Iterator[Sealed]:
    """All entries in their order; memory stays constant."""
    told = _told(connection.dialect.name)
    query = select(_entries.id, _entries.salt, _entries.leaf, _entries.hash, told)
    query = query.order_by(_entries.id).limit(BATCH)
    last = 0
    while rows := connection.execute(query.where(_entries.id > last)).all():
        for number, salt, leaf, hash_, text in rows:
            yield Sealed(number, salt, leaf, hash_, text.encode())
        last = rows[-1].id


def checkpoints(connection: Connection, after: int = 0) -> list[Checkpoint]:
    """All checkpoints in their order, or those after number `after`."""
    query = select(_checkpoints).where(_checkpoints.c.number > after)
    rows = connection.execute(query.order_by(_checkpoints.c.number))
    return [Checkpoint(**row._mapping) for row in rows]


def end(connection: Connection) -> tuple[int, bytes]:
    """The number and the link of the last entry, as the head has them."""
    row = connection.execute(select(_head.last, _head.hash)).one()
    return row.last, row.hash
