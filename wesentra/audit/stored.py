"""The log as evidence, read from the register."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    LargeBinary,
    String,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from wesentra import clock
from wesentra.audit import held, recount, restorations, seal, storage, ways
from wesentra.audit.anchor import Anchor
from wesentra.audit.chain import CHECKPOINT_ENTRIES
from wesentra.audit.entry import LogCheckpoint, LogEntry, LogHead
from wesentra.audit.life import LogAnchor
from wesentra.audit.material import Evidence, Row
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verdict import Fault, Finding
from wesentra.models.base import Base

BATCH = 10_000

_tables = Base.metadata.tables
_entries = _tables[LogEntry.__tablename__].c
_checkpoints = _tables[LogCheckpoint.__tablename__]
_anchors = _tables[LogAnchor.__tablename__]
_head = _tables[LogHead.__tablename__].c


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A transaction that goes on seeing the register as it is at one moment."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def evidence(
    engine: Engine, keys: Mapping[str, Ed25519PublicKey], copies: Sequence[Checkpoint] = ()
) -> Iterator[Evidence]:
    """The register's log as it is at one moment, while others go on writing."""
    with snapshot(engine) as connection:
        yield _evidence(connection, keys, copies)


def _evidence(
    connection: Connection, keys: Mapping[str, Ed25519PublicKey], copies: Sequence[Checkpoint]
) -> Evidence:
    """What has an anchor after it is gone, even where a row of it is left over."""
    known = anchors(connection)
    newest = known[-1] if known else None
    start = (newest.last, newest.hash) if newest else (0, seal.START)
    copies = restorations.not_lost(copies, restorations.true(connection, keys))
    return Evidence(
        entries=partial(entries, connection, start[0]),
        checkpoints=[one for one in checkpoints(connection) if one.last >= start[0]],
        keys=keys,
        unsigned=CHECKPOINT_ENTRIES,
        start=start,
        end=end(connection),
        copies=[one for one in copies if one.last >= start[0]],
        anchors=known,
        now=clock.now(),
        beside=partial(_beside, connection, newest),
    )


def _beside(connection: Connection, newest: Anchor | None) -> Finding | None:
    """What is wrong with what is kept beside the entries: figures, ways to them, holds."""
    found = _beyond(connection) or storage.strange(connection)
    found = found or recount.wrong(connection, newest)
    last = newest.last if newest else 0
    found = found or ways.wrong(connection, last) or held.wrong(connection, last)
    return found or restorations.unseen(connection, last)


def _beyond(connection: Connection) -> Finding | None:
    """An entry after the last one that the head knows."""
    newest, last = connection.scalar(select(func.max(_entries.id))) or 0, end(connection)[0]
    return Finding(Fault.INSERTED, last + 1) if newest > last else None


def _told(kind: str, names: Sequence[str]) -> ColumnElement[Any]:
    """What an entry says, put together by the database: `seal.told` in SQL, as bytes."""
    text: Any = _text(kind, names[0])
    for name in names[1:]:
        end: Any = literal_column("char(10)" if kind == "sqlite" else "chr(10)")
        text = text + end + _text(kind, name)
    told: ColumnElement[Any]
    told = cast(text, LargeBinary) if kind == "sqlite" else func.convert_to(text, "UTF8")
    return told


def _text(kind: str, name: str) -> Any:
    column = _entries[name]
    if name == "at" and kind == "postgresql":
        return func.to_char(column, "YYYY-MM-DD HH24:MI:SS.US", type_=String)
    if isinstance(column.type, String):
        return column
    return func.coalesce(cast(column, String), "")


def entries(connection: Connection, last: int = 0, upto: int | None = None) -> Iterator[Row]:
    """All entries after number `last` in their order, up to `upto`; memory stays constant."""
    # SQLite would also hand out a text that somebody put in the place of bytes.
    sealed = (cast(one, LargeBinary) for one in (_entries.salt, _entries.veil, _entries.hash))
    told = (_told(connection.dialect.name, names) for names in (seal.STAYS, seal.GOES))
    query = select(_entries.id, *sealed, *told)
    query = query.order_by(_entries.id).limit(BATCH)
    query = query if upto is None else query.where(_entries.id <= upto)
    while rows := _raw(connection.execute(query.where(_entries.id > last))):
        yield from rows
        last = rows[-1][0]


def _raw(found: CursorResult[Any]) -> list[Row]:
    """The rows as the driver gives them; to dress them would take a third of the walk's time."""
    rows: list[Row] = list(found.cursor.fetchall()) if found.cursor is not None else []
    found.close()
    return rows


def checkpoints(connection: Connection, after: int = 0) -> list[Checkpoint]:
    """All checkpoints in their order, or those after number `after`."""
    query = select(_checkpoints).where(_checkpoints.c.number > after)
    rows = connection.execute(query.order_by(_checkpoints.c.number))
    return [Checkpoint(**row._mapping) for row in rows]


def last_checkpoint(connection: Connection) -> int:
    """The number of the last checkpoint; 0 before the first."""
    return int(connection.execute(select(func.max(_checkpoints.c.number))).scalar() or 0)


def anchors(connection: Connection) -> list[Anchor]:
    """All anchors in their order."""
    rows = connection.execute(select(_anchors).order_by(_anchors.c.number))
    return [Anchor(**row._mapping) for row in rows]


def end(connection: Connection) -> tuple[int, bytes]:
    """The number and the link of the last entry, as the head has them."""
    row = connection.execute(select(_head.last, _head.hash)).one()
    return row.last, row.hash
