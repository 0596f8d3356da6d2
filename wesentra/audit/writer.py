"""Notes become entries, riding on the commit of the context that they were noted in."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from wesentra import clock
from wesentra.actor import Acting, current_or_none
from wesentra.audit.entry import LogEntry, LogSubject, Operation

_NEW_ENTRY = insert(LogEntry.metadata.tables[LogEntry.__tablename__])
_NEW_SUBJECT = insert(LogSubject.metadata.tables[LogSubject.__tablename__])
Row = tuple[str, str, list[int], list[str], str]


def _packed(values: Any) -> str:
    return json.dumps(sorted(values), separators=(",", ":"))


def _grouped(found: dict[tuple[str, str, int], set[str]]) -> Iterator[Row]:
    """Subjects with the same operation, type and fields share one entry."""
    together: dict[tuple[str, str, frozenset[str]], list[int]] = defaultdict(list)
    for (operation, kind, id_), fields in found.items():
        together[operation, kind, frozenset(fields)].append(id_)
    for (operation, kind, fields_), ids in together.items():
        yield operation, kind, ids, sorted(fields_), "done"


def _rows(acting: Acting) -> Iterator[Row]:
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
    yield from notes.events


def write(session: Session) -> None:
    """Insert the entries of everything noted so far; part of the session's own transaction."""
    acting = current_or_none()
    if acting is None or session.in_nested_transaction():
        return  # a savepoint may still be undone with everything around it
    session.flush()
    if not acting.notes:
        return
    at = clock.now()
    concerned: list[dict[str, int]] = []
    connection = session.connection()
    for operation, kind, ids, fields, outcome in _rows(acting):
        entry = {
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
        made = connection.execute(_NEW_ENTRY, entry).inserted_primary_key
        if kind == "contact" and made:
            concerned += [{"contact_id": id_, "entry_id": made[0]} for id_ in sorted(ids)]
    if concerned:
        connection.execute(_NEW_SUBJECT, concerned)
    acting.notes.clear()


def listen() -> None:
    """Write the entries before every commit, so that they are there or nothing is."""
    if not event.contains(Session, "before_commit", write):
        event.listen(Session, "before_commit", write)
