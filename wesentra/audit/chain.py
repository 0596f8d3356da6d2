"""Appending to the chain: entries get their number and their seal, checkpoints are signed."""

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, bindparam, insert, select, update

from wesentra import clock
from wesentra.audit import day, seal
from wesentra.audit.entry import LogCheckpoint, LogEntry, LogHead, LogSubject
from wesentra.audit.life import LogAnchor
from wesentra.models.base import Base

Entries = list[dict[str, Any]]

CHECKPOINT_ENTRIES = 1000
CHECKPOINT_AGE = timedelta(minutes=15)
"""A checkpoint is due after so many entries, or with the first entry after so long."""
STANDS_STILL = timedelta(minutes=10)
"""A clock that goes back by so much stands still in the log, until it has caught up. One that goes
back further is believed: before it may have been wrong for years, and the log with it."""

_tables = Base.metadata.tables
_head = _tables[LogHead.__tablename__]
_checkpoints = _tables[LogCheckpoint.__tablename__]
_entries = _tables[LogEntry.__tablename__]
_anchors = _tables[LogAnchor.__tablename__]
_NEW_ENTRIES = insert(_entries)
_NEW_SUBJECTS = insert(_tables[LogSubject.__tablename__])
_NEW_CHECKPOINT = insert(_checkpoints)
_HEAD = select(*(c for c in _head.c if c.name != "id")).with_for_update()
_MOVE = update(_head)
_LATEST = select(_checkpoints).order_by(_checkpoints.c.number.desc()).limit(1)
_AT = select(_entries.c.at).where(_entries.c.id == bindparam("number"))
_GONE = select(_anchors.c.until).order_by(_anchors.c.number.desc()).limit(1)


@dataclass
class Batch:
    """What one request has to tell: its entries, with their moments as it saw them.

    `told` are the kinds that its committed entries had before; `told_now` those with these, once
    they are appended.
    """

    entries: Entries
    told: AbstractSet[day.Kind] = frozenset()
    told_now: set[day.Kind] = field(default_factory=set)


class Chain:
    """The one way into the log: every entry is linked to the one before."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self.key = key
        self.signed = False
        """Whether a checkpoint was made that nobody has asked about yet (`fresh`)."""
        self.newest: tuple[bytes, datetime] | None = None
        """The link and the moment of the entry that was appended last here."""

    def fresh(self) -> bool:
        """Whether there is a new checkpoint since this was asked last."""
        fresh, self.signed = self.signed, False
        return fresh

    def append(self, connection: Connection, *batches: Batch) -> None:
        """Number, seal and insert the entries; the head stays held until the transaction ends.

        Who waited for the head saw the clock before whoever held it, or the clock was set back:
        the moments of the chain go forward all the same.
        """
        head = connection.execute(_HEAD).one()
        last, link, at = head.last, head.hash, self._at(connection, head.last, head.hash)
        for batch in batches:
            for entry in batch.entries:
                at = entry["at"] = _forward(connection, entry["at"], at)
            batch.told_now = day.mark_first(batch.entries, batch.told)
        entries = [entry for batch in batches for entry in batch.entries]
        link = self._insert(connection, entries, last, link)
        last += len(entries)
        connection.execute(_MOVE, {"last": last, "hash": link})
        self.newest = (link, at) if at else None
        now = at or clock.now()  # by the chain's own time, as the entries have it
        if last - head.signed >= CHECKPOINT_ENTRIES or abs(now - head.signed_at) >= CHECKPOINT_AGE:
            self._sign(connection, last, link, now)

    def _at(self, connection: Connection, last: int, link: bytes) -> datetime | None:
        """The moment of the last entry; asked of the database where somebody else made it."""
        newest = self.newest
        if newest is not None and newest[0] == link:
            return newest[1]
        found: datetime | None = connection.scalar(_AT, {"number": last})
        return found

    def _insert(self, connection: Connection, entries: Entries, last: int, link: bytes) -> bytes:
        """Insert the entries behind entry `last`, whose link is `link`; the last link."""
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
        return link

    def checkpoint(self, connection: Connection) -> seal.Checkpoint | None:
        """Sign the state of the chain as it is; None when the last checkpoint says it already."""
        head = connection.execute(_HEAD).one()
        if head.signed == head.last:
            return None
        return self._sign(connection, head.last, head.hash, clock.now())

    def _sign(
        self, connection: Connection, last: int, link: bytes, now: datetime
    ) -> seal.Checkpoint:
        row = connection.execute(_LATEST).one_or_none()
        before = seal.Checkpoint(**row._mapping) if row else None
        made = seal.sign(self.key, before, last, link, now)
        connection.execute(_NEW_CHECKPOINT, vars(made))
        self.signed = True
        connection.execute(_MOVE, {"signed": made.last, "signed_at": made.at})
        return made


def _forward(connection: Connection, at: datetime, before: datetime | None) -> datetime:
    """The moment of an entry after one of `before`, by a clock that says `at`.

    It is never on a day whose entries are gone: their figures are signed.
    """
    if before is None or at >= before:
        return at
    if before - at <= STANDS_STILL:
        return before
    until = connection.scalar(_GONE)
    if until is None:
        return at
    return max(at, day.begin_of(until + timedelta(days=1)))
