"""A backup was restored: what the log has lost by it is signed, and red until somebody says why.

The log goes on after the last entry of the backup, under numbers that the lost entries had. Copies
of checkpoints know of the lost ones for ever. So that a restore is not taken for a forgery, nor a
forgery for a restore, it is a statement signed by the log's key: from which entry on, at what
moment. Copies of what came after that entry and before that moment belong to what was lost and are
not compared; all others are. That somebody has seen it is an entry of the log itself.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, Integer, LargeBinary, String, Text, func, insert, select
from sqlalchemy.orm import Mapped

from wesentra import clock
from wesentra.actor import current
from wesentra.audit.entry import LogEntry, LogHead, Operation
from wesentra.audit.seal import Checkpoint, fingerprint, moment
from wesentra.audit.verdict import Fault, Finding
from wesentra.models.base import IDS_END, Base, UtcDateTime, db
from wesentra.models.personal import not_personal
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark

ABOUT = "restoration"


class LogRestoration(Base):
    """A restore, as it was signed (`Restoration`); `reason` was typed by who has seen it."""

    __tablename__ = "log_restoration"

    number: Mapped[int] = not_personal(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = not_personal(UtcDateTime)
    backup_at: Mapped[datetime] = not_personal(UtcDateTime)
    last: Mapped[int] = not_personal(Integer)
    hash: Mapped[bytes] = not_personal(LargeBinary(32))
    lost: Mapped[int] = not_personal(Integer)
    key: Mapped[str] = not_personal(String(16))
    signature: Mapped[bytes] = not_personal(LargeBinary(64))
    reason: Mapped[str | None] = not_personal(Text)


@dataclass(frozen=True)
class Restoration:
    """At `at` the log became what it was at `backup_at`: its end was entry `last`, link `hash`.

    `lost` is the last of the entries that are lost (0: nobody knows).
    """

    number: int
    at: datetime
    backup_at: datetime
    last: int
    hash: bytes
    lost: int
    key: str
    signature: bytes = b""

    def message(self) -> bytes:
        """What is signed."""
        said = (self.number, moment(self.at), moment(self.backup_at), self.last)
        lines = ("wesentra restoration 1", *said, self.hash.hex(), self.lost, self.key)
        return "\n".join(map(str, lines)).encode()

    def holds(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature is of this restore and by this key."""
        try:
            key.verify(self.signature, self.message())
        except InvalidSignature:
            return False
        return True

    def has_lost(self, one: Checkpoint) -> bool:
        """Whether a checkpoint is of what this restore has lost."""
        return one.last > self.last and one.at <= self.at


_table = Base.metadata.tables[LogRestoration.__tablename__]
_signed = [column for column in _table.c if column.name != "reason"]
_entries = Base.metadata.tables[LogEntry.__tablename__].c
_head = Base.metadata.tables[LogHead.__tablename__].c


def every(connection: Connection) -> list[Restoration]:
    """All of them, the first one first."""
    rows = connection.execute(select(*_signed).order_by(_table.c.number))
    return [Restoration(**row._mapping) for row in rows]


def true(connection: Connection, keys: Mapping[str, Ed25519PublicKey]) -> list[Restoration]:
    """Those that the log's key has signed, of a chain that is this one; others excuse nothing."""
    return [
        one
        for one in every(connection)
        if (key := keys.get(one.key)) is not None and one.holds(key) and _fits(connection, one)
    ]


def _fits(connection: Connection, one: Restoration) -> bool:
    link = connection.scalar(select(_entries.hash).where(_entries.id == one.last))
    return link is None or link == one.hash  # gone by rule, or the same


def not_lost(copies: Sequence[Checkpoint], by: Sequence[Restoration]) -> list[Checkpoint]:
    """Copies of checkpoints but for those of entries that restores have lost. Pure."""
    return [one for one in copies if not any(each.has_lost(one) for each in by)]


def unseen(connection: Connection, after: int) -> Finding | None:
    """The first restore that nobody has acknowledged, of those whose entries are still there."""
    told = select(_entries.subject_ids, _entries.fields).where(
        _entries.operation == str(Operation.RESTORE), _entries.id > after
    )
    seen: set[int] = set()
    for ids, fields in connection.execute(told):
        seen |= set(json.loads(ids)) if "acknowledged" in json.loads(fields) else set()
    for one in every(connection):
        if one.last >= after and one.number not in seen:
            return Finding(Fault.RESTORED, one.last + 1, one.lost)
    return None


# --- what is done ---------------------------------------------------------------------------


def tell(key: Ed25519PrivateKey, backup_at: datetime, begun: datetime, lost: int) -> Restoration:
    """Sign that the log was put back to where it ends now, once for the restore that `begun` then.

    For whoever acts, in a transaction that writes; an entry tells of it. `lost` is the last entry
    that anybody knows of (0: nobody knows).
    """
    connection = db.session.connection()
    before = every(connection)
    if before and before[-1].backup_at == backup_at and before[-1].at >= begun:
        return before[-1]
    head = connection.execute(select(_head.last, _head.hash).with_for_update()).one()
    made = Restoration(
        number=before[-1].number + 1 if before else 1,
        at=clock.now(),
        backup_at=backup_at,
        last=head.last,
        hash=head.hash,
        lost=lost if lost > head.last else 0,
        key=fingerprint(key.public_key()),
    )
    made = replace(made, signature=key.sign(made.message()))
    connection.execute(insert(_table), asdict(made))
    current().deed(Operation.RESTORE, ABOUT, [made.number], ["restored"])
    return made


def waiting() -> LogRestoration | None:
    """The first restore that nobody has acknowledged."""
    query = select(LogRestoration).where(LogRestoration.reason.is_(None))
    return db.session.scalar(query.order_by(LogRestoration.number).limit(1))


def are_seen() -> bool:
    """Whether somebody has acknowledged every restore that there was."""
    last = db.session.scalar(select(func.max(LogRestoration.number)))
    return last is not None and waiting() is None


def acknowledge(number: int, reason: str) -> None:
    """Say that somebody has seen what a restore has lost, and why it was made; the log tells that
    a reason was given. Raises NotFound, and Refused without a reason and the second time."""
    if not reason.strip():
        raise Refused(mark("Write why the backup was restored."), field="reason")
    row = db.session.get(LogRestoration, number) if 0 < number < IDS_END else None
    if row is None:
        raise NotFound(mark("There is no restore with this number."))
    if row.reason is not None:
        raise Refused(mark("This restore was acknowledged already."))
    row.reason = reason.strip()
    current().deed(Operation.RESTORE, ABOUT, [number], ["acknowledged"])
