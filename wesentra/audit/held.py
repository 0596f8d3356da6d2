"""Holds against the entries that tell of them: one that was taken away keeps nothing any more."""

import json

from sqlalchemy import Connection, select

from wesentra.audit import holds
from wesentra.audit.entry import LogEntry, Operation
from wesentra.audit.verdict import Fault, Finding
from wesentra.models.base import Base

_entries = Base.metadata.tables[LogEntry.__tablename__].c


def wrong(connection: Connection, after: int) -> Finding | None:
    """The first hold that was placed, and not lifted, by the entries after number `after`."""
    told = select(_entries.subject_ids, _entries.fields).where(
        _entries.operation == str(Operation.LOG_HOLD), _entries.id > after
    )
    placed: set[int] = set()
    for ids, fields in connection.execute(told.order_by(_entries.id)):
        if "placed" in json.loads(fields):
            placed |= set(json.loads(ids))
        else:
            placed -= set(json.loads(ids))
    lacking = placed - {hold.id for hold in holds.active(connection)}
    return Finding(Fault.HOLD, min(lacking)) if lacking else None
