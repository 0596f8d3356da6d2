"""Notes become entries: with the change that they tell of, or together with other looks."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from weakref import WeakKeyDictionary

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from wesentra import clock
from wesentra.actor import Acting, Event, Notes, current, current_or_none
from wesentra.audit import row_change, seal
from wesentra.audit.chain import Batch, Chain, Entries
from wesentra.audit.copies import Copies
from wesentra.audit.entry import Operation
from wesentra.audit.together import Together
from wesentra.models.base import writing

BEGUN = "wesentra_begun"
TOLD = "wesentra_told"


# --- what the entries say -----------------------------------------------------------------


def _grouped(found: dict[tuple[str, str, int], set[str]]) -> Iterator[Event]:
    """Subjects with the same operation, type and fields share one entry."""
    together: dict[tuple[str, str, frozenset[str]], list[int]] = defaultdict(list)
    for (operation, kind, id_), fields in found.items():
        together[operation, kind, frozenset(fields)].append(id_)
    for (operation, kind, fields_), ids in together.items():
        yield operation, kind, ids, sorted(fields_), "done"


def _with_reasons(acting: Acting) -> Iterator[tuple[Event, int | None]]:
    """The events, parted by the openings of restricted people under which they happened."""
    for event_ in _rows(acting):
        operation, kind, ids, fields, outcome = event_
        if kind != "contact" or acting.opened.keys().isdisjoint(ids):
            yield event_, None
            continue
        parts: dict[int | None, list[int]] = defaultdict(list)
        for id_ in ids:
            parts[acting.opened.get(id_)].append(id_)
        for reason, own in parts.items():
            yield (operation, kind, own, fields, outcome), reason


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
            "subject_ids": seal.packed(ids),
            "shown": len(ids) or acting.notes.counted.get(kind, 0),
            "fields": seal.packed(fields),
            "outcome": outcome,
            "channel": acting.channel,
            "source": " ".join(acting.source.splitlines()),
            "endpoint": acting.endpoint,
            "reason_id": reason,
        }
        for (operation, kind, ids, fields, outcome), reason in _with_reasons(acting)
    ]


# --- listening ----------------------------------------------------------------------------

_together: WeakKeyDictionary[Engine, Together] = WeakKeyDictionary()


def write(session: Session) -> None:
    """Write the entries of everything noted so far, before the session's commit."""
    acting = current_or_none()
    if acting is None or session.in_nested_transaction():
        return  # a savepoint may still be undone with everything around it
    session.flush()
    if session.info.get(BEGUN) and writing.get():
        row_change.compare(session.connection(), acting.notes)
    if not acting.notes:
        return
    batch = Batch(_entries(acting), acting.told)
    if session.info.get(BEGUN):
        connection = session.connection()
        _together[connection.engine].chain.append(connection, batch)
        session.info[TOLD] = batch.told_now
    else:
        _together[session.get_bind()].write(batch)  # type: ignore[index]
        acting.told = batch.told_now
    acting.notes.clear()


def tell_looks(session: Session) -> None:
    """Write what was shown so far in a transaction of its own; changes wait for theirs."""
    acting = current()
    looks = Notes(shown=acting.notes.shown, counted=acting.notes.counted)
    if looks:
        batch = Batch(_entries(replace(acting, notes=looks)), acting.told)
        _together[session.get_bind()].write(batch)  # type: ignore[index]
        acting.told = batch.told_now
        acting.notes.shown, acting.notes.counted = {}, {}


def write_on(connection: Connection, key: Ed25519PrivateKey) -> None:
    """Write the entries of whoever acts in a transaction that no session has begun."""
    acting = current()
    Chain(key).append(connection, Batch(_entries(acting), acting.told))
    acting.notes.clear()


def _begin(session: Session, _transaction: SessionTransaction, _connection: Connection) -> None:
    session.info[BEGUN] = True


def _end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(BEGUN, None)
        session.info.pop(TOLD, None)


def _committed(session: Session) -> None:
    if session.info.get(BEGUN):
        _together[session.get_bind()].committed()  # type: ignore[index]
    if TOLD in session.info and (acting := current_or_none()) is not None:
        acting.told = session.info[TOLD]


def listen(engine: Engine, key: Ed25519PrivateKey, copies: Copies) -> None:
    """Write the entries before every commit, so that they are there or nothing is.

    `key` signs the state of the chain of entries now and then; `copies` brings such checkpoints
    to other places.
    """
    _together[engine] = Together(engine, Chain(key), copies)
    listeners = (
        ("before_commit", write),
        ("after_commit", _committed),
        ("after_begin", _begin),
        ("after_transaction_end", _end),
    )
    for name, function in listeners:
        if not event.contains(Session, name, function):
            event.listen(Session, name, function)
