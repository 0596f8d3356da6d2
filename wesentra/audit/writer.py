"""Notes become entries: with the change that they tell of, or together with other looks.

What changed something is told in the change's own transaction. What only looked is done reading
when its entries are written; several threads that come to that point at once write theirs in one
transaction (group commit), so that the disk is waited for once. No answer leaves before the
transaction with its entries is committed, and if that fails none of them does.
"""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event, insert, select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from wesentra import clock
from wesentra.actor import Acting, Event, current_or_none
from wesentra.audit.entry import LogEntry, LogHead, LogSubject, Operation
from wesentra.models.base import writing

Entries = list[dict[str, Any]]

_head = LogHead.metadata.tables[LogHead.__tablename__]
_NEW_ENTRIES = insert(LogEntry.metadata.tables[LogEntry.__tablename__])
_NEW_SUBJECTS = insert(LogSubject.metadata.tables[LogSubject.__tablename__])
_LAST = select(_head.c.last).with_for_update()
_MOVE = update(_head)
BEGUN = "wesentra_begun"


class NotWritten(SQLAlchemyError):
    """The transaction in which another thread wrote these entries failed; nothing was written."""


# --- what the entries say -----------------------------------------------------------------


def _packed(values: Any) -> str:
    return json.dumps(sorted(values), separators=(",", ":"))


def _grouped(found: dict[tuple[str, str, int], set[str]]) -> Iterator[Event]:
    """Subjects with the same operation, type and fields share one entry."""
    together: dict[tuple[str, str, frozenset[str]], list[int]] = defaultdict(list)
    for (operation, kind, id_), fields in found.items():
        together[operation, kind, frozenset(fields)].append(id_)
    for (operation, kind, fields_), ids in together.items():
        yield operation, kind, ids, sorted(fields_), "done"


def _rows(acting: Acting) -> Iterator[Event]:
    notes = acting.notes
    changed = {(kind, id_) for _, kind, id_ in notes.written}
    # Somebody new or gone is one entry: the changes that belong to it are not told again.
    whole = {(kind, id_) for operation, kind, id_ in notes.written if operation != "update"}
    written = {
        key: fields
        for key, fields in notes.written.items()
        if key[0] != "update" or key[1:] not in whole
    }
    shown = {
        (acting.showing.value, kind, id_): fields
        for (kind, id_), fields in notes.shown.items()
        if (kind, id_) not in changed
    }
    yield from _grouped(written)
    yield from _grouped(shown)
    for reason in notes.counted:
        yield Operation.PROGRAM, reason, [], [], "done"
    yield from notes.deeds
    yield from notes.events


def _entries(acting: Acting) -> Entries:
    at = clock.now()
    return [
        {
            "at": at,
            "request_id": acting.request_id,
            "actor_id": acting.user_id,
            "role": acting.role,
            "purpose": acting.purpose,
            "operation": operation,
            "subject_type": kind,
            "subject_ids": _packed(ids),
            "shown": len(ids) or acting.notes.counted.get(kind, 0),
            "fields": _packed(fields),
            "outcome": outcome,
            "channel": acting.channel,
            "source": acting.source,
            "endpoint": acting.endpoint,
        }
        for operation, kind, ids, fields, outcome in _rows(acting)
    ]


# --- appending ----------------------------------------------------------------------------


def append(connection: Connection, entries: Entries) -> None:
    """Number the entries and insert them; the head stays held until the transaction ends."""
    last: int = connection.execute(_LAST).scalar_one()
    concerned = []
    for number, entry in enumerate(entries, last + 1):
        entry["id"] = number
        if entry["subject_type"] == "contact":
            ids = json.loads(entry["subject_ids"])
            concerned += [{"contact_id": id_, "entry_id": number} for id_ in ids]
    connection.execute(_NEW_ENTRIES, entries)
    if concerned:
        connection.execute(_NEW_SUBJECTS, concerned)
    connection.execute(_MOVE, {"last": last + len(entries)})


@dataclass
class Waiting:
    """The entries of one thread until it is settled whether they are written."""

    entries: Entries
    settled: bool = False
    written: bool = False
    error: SQLAlchemyError | None = None


class Together:
    """The looks of a process's threads: whoever comes first writes for all who wait by then."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.turn = threading.Lock()
        self.waiting: deque[Waiting] = deque()

    def write(self, entries: Entries) -> None:
        """Return when the entries are committed; raises SQLAlchemyError when they are not."""
        mine = Waiting(entries)
        self.waiting.append(mine)
        with self.turn:
            if not mine.settled:
                self._settle([self.waiting.popleft() for _ in range(len(self.waiting))])
        if not mine.written:
            raise NotWritten("the entries could not be written") from mine.error

    def _settle(self, group: list[Waiting]) -> None:
        try:
            self._commit(group)
        except SQLAlchemyError as error:
            for one in group:
                one.error = error
            if len(group) > 1 and not isinstance(error, OperationalError):
                for one in group:  # an entry that is not taken shall be nobody else's failure
                    self._settle([one])
        finally:
            for one in group:
                one.settled = True

    def _commit(self, group: list[Waiting]) -> None:
        token = writing.set(True)
        try:
            with self.engine.begin() as connection:
                append(connection, [entry for one in group for entry in one.entries])
        finally:
            writing.reset(token)
        for one in group:
            one.written = True


_together: WeakKeyDictionary[Engine, Together] = WeakKeyDictionary()


# --- listening ----------------------------------------------------------------------------


def write(session: Session) -> None:
    """Write the entries of everything noted so far, before the session's commit."""
    acting = current_or_none()
    if acting is None or session.in_nested_transaction():
        return  # a savepoint may still be undone with everything around it
    session.flush()
    if not acting.notes:
        return
    if session.info.get(BEGUN):
        append(session.connection(), _entries(acting))
    else:
        _together[session.get_bind()].write(_entries(acting))  # type: ignore[index]
    acting.notes.clear()


def _begin(session: Session, _transaction: SessionTransaction, _connection: Connection) -> None:
    session.info[BEGUN] = True


def _end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(BEGUN, None)


def listen(engine: Engine) -> None:
    """Write the entries before every commit, so that they are there or nothing is."""
    _together[engine] = Together(engine)
    listeners = (("before_commit", write), ("after_begin", _begin), ("after_transaction_end", _end))
    for name, function in listeners:
        if not event.contains(Session, name, function):
            event.listen(Session, name, function)
