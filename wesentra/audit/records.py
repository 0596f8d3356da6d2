"""Entries as they are shown and exported, with their seals."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from wesentra.audit import lines, seal, stored
from wesentra.audit.entry import LogEntry
from wesentra.audit.life import GONE, LogAnchor
from wesentra.models.base import db
from wesentra.models.user import User

SEALS = ("salt", "veil", "prev", "hash")


@dataclass(frozen=True)
class Entry:
    """One entry as it is shown; `count` is the number of subjects or of program statements.

    The last four are its seal; `prev` is known only where entries are read to be exported.
    """

    id: int
    at: datetime
    request_id: str
    actor_id: int | None
    actor: str
    role: str
    purpose: str
    operation: str
    subject_type: str
    subject_ids: tuple[int, ...]
    count: int
    fields: tuple[str, ...]
    outcome: str
    channel: str
    source: str
    endpoint: str
    reason_id: int | None
    salt: bytes | None
    veil: bytes | None
    prev: bytes
    hash: bytes


def entry_of(row: LogEntry, names: Mapping[int, str], before: bytes = b"") -> Entry:
    """A row as an entry; `names` of users by id, `before` the link before it."""
    return Entry(
        id=row.id,
        at=row.at,
        request_id=row.request_id,
        actor_id=row.actor_id,
        actor=names.get(row.actor_id or 0, ""),
        role=row.role,
        purpose=row.purpose,
        operation=row.operation,
        subject_type=row.subject_type,
        subject_ids=subject_ids(row),
        count=row.shown,
        fields=tuple(json.loads(row.fields)),
        outcome=row.outcome,
        channel=row.channel,
        source=row.source,
        endpoint=row.endpoint,
        reason_id=row.reason_id,
        salt=row.salt,
        veil=row.veil,
        prev=before,
        hash=row.hash,
    )


def subject_ids(row: LogEntry) -> tuple[int, ...]:
    """The numbers of those whom an entry concerns."""
    return tuple(json.loads(row.subject_ids))


def links_before(rows: Sequence[LogEntry]) -> dict[int, bytes]:
    """The link before each entry, by the number of the entry that it belongs to."""
    links = {0: seal.START, **{row.id: row.hash for row in rows}}
    lacking = [row.id - 1 for row in rows if row.id - 1 not in links]
    if lacking:
        found = select(LogEntry.id, LogEntry.hash).where(LogEntry.id.in_(lacking))
        anchored = select(LogAnchor.last, LogAnchor.hash).where(LogAnchor.last.in_(lacking))
        links |= dict.fromkeys(lacking, b"")
        links |= dict(db.session.execute(found).all()) | dict(db.session.execute(anchored).all())
    return links


def record(entry: Entry) -> dict[str, Any]:
    """What an entry says, without its seals, as it is written into files."""
    line = asdict(entry)
    line["at"] = entry.at.isoformat()
    line["subject_ids"] = list(entry.subject_ids)
    line["fields"] = list(entry.fields)
    for name in SEALS:
        del line[name]
    return line


def sealed_record(entry: Entry) -> dict[str, Any]:
    """An entry as one line of an export, with its seals."""
    return lines.entry_line(record(entry), {name: getattr(entry, name) for name in SEALS})


def checkpoint_records(first: int, last: int) -> list[dict[str, Any]]:
    """The checkpoints at the entries `first` to `last`, as lines of an export."""
    signed = stored.checkpoints(db.session.connection())
    return [lines.signed_line(one) for one in signed if first <= one.last <= last]


def anchor_records() -> list[dict[str, Any]]:
    """All anchors, as lines of an export."""
    return [lines.signed_line(one) for one in stored.anchors(db.session.connection())]


def gone() -> int:
    """The last entry that went by rule (0: none): a row of it that is left over counts no more."""
    return int(db.session.scalar(select(GONE)) or 0)


def user_names() -> dict[int, str]:
    """The full names of all users by id: few, and never those of contacts."""
    rows = db.session.execute(select(User.id, User.full_name).order_by(User.full_name))
    return dict(rows.all())
