"""Appending to the chain: entries get their number and their seal, checkpoints are signed."""

import json
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert, select, update

from wesentra import clock
from wesentra.audit import day, seal
from wesentra.audit.entry import LogCheckpoint, LogEntry, LogHead, LogSubject
from wesentra.models.base import Base

Entries = list[dict[str, Any]]

CHECKPOINT_ENTRIES = 1000
CHECKPOINT_AGE = timedelta(minutes=15)
"""A checkpoint is due after so many entries, or with the first entry after so long."""

_tables = Base.metadata.tables
_head = _tables[LogHead.__tablename__]
_checkpoints = _tables[LogCheckpoint.__tablename__]
_NEW_ENTRIES = insert(_tables[LogEntry.__tablename__])
_NEW_SUBJECTS = insert(_tables[LogSubject.__tablename__])
_NEW_CHECKPOINT = insert(_checkpoints)
_HEAD = select(*(c for c in _head.c if c.name != "id")).with_for_update()
_MOVE = update(_head)
_LATEST = select(_checkpoints).order_by(_checkpoints.c.number.desc()).limit(1)


class Chain:
    """The one way into the log: every entry is linked to the one before."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self.key = key
        self.signed = False
        """Whether a checkpoint was made that nobody has asked about yet (`fresh`)."""

    def fresh(self) -> bool:
        """Whether there is a new checkpoint since this was asked last."""
        fresh, self.signed = self.signed, False
        return fresh

    def append(self, connection: Connection, entries: Entries) -> None:
        """Number, seal and insert the entries; the head stays held until the transaction ends."""
        head = connection.execute(_HEAD).one()
        last, link = head.last, head.hash
        concerned = []
        for number, entry in enumerate(entries, last + 1):
            salt = seal.new_salt()
            link = seal.link(link, number, seal.sealed(salt, entry))
            entry.update(id=number, salt=salt, hash=link)
            if entry["subject_type"] == "contact":
                ids = json.loads(entry["subject_ids"])
                concerned += [{"contact_id": id_, "entry_id": number} for id_ in ids]
        connection.execute(_NEW_ENTRIES, entries)
        if concerned:
            connection.execute(_NEW_SUBJECTS, concerned)
        day.add(connection, entries)
        last += len(entries)
        connection.execute(_MOVE, {"last": last, "hash": link})
        now = clock.now()
        if last - head.signed >= CHECKPOINT_ENTRIES or now - head.signed_at >= CHECKPOINT_AGE:
            self._sign(connection, last, link)

    def checkpoint(self, connection: Connection) -> seal.Checkpoint | None:
        """Sign the state of the chain as it is; None when the last checkpoint says it already."""
        head = connection.execute(_HEAD).one()
        if head.signed == head.last:
            return None
        return self._sign(connection, head.last, head.hash)

    def _sign(self, connection: Connection, last: int, link: bytes) -> seal.Checkpoint:
        row = connection.execute(_LATEST).one_or_none()
        before = seal.Checkpoint(**row._mapping) if row else None
        made = seal.sign(self.key, before, last, link, clock.now())
        connection.execute(_NEW_CHECKPOINT, vars(made))
        self.signed = True
        connection.execute(_MOVE, {"signed": made.last, "signed_at": made.at})
        return made
