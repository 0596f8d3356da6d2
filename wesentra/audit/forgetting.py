"""What an anchor vouches for is removed, in small portions. The one place that deletes entries."""

from sqlalchemy import Connection, Engine, delete, func, select, text

from wesentra.audit.entry import LogCheckpoint, LogEntry
from wesentra.audit.life import LogAnchor
from wesentra.models.base import Base, meant_to_write

PORTION = 500
"""Entries that go in one transaction at the most, and of the people in them `PEOPLE`: SQLite's
one write lock is held for less than 100 ms."""
PEOPLE = 2_000

_tables = Base.metadata.tables
_anchors = _tables[LogAnchor.__tablename__]
_entries = _tables[LogEntry.__tablename__]
_checkpoints = _tables[LogCheckpoint.__tablename__]
_SUBJECTS_GO = text("""
    DELETE FROM log_subject WHERE (contact_id, entry_id) IN (
        SELECT shown.value, log_entry.id FROM log_entry, json_each(log_entry.subject_ids) shown
        WHERE log_entry.id <= :last AND log_entry.subject_type = :about)
""")


def forget(engine: Engine) -> None:
    """Remove everything up to the newest anchor, also what an earlier time left over."""
    while True:
        with meant_to_write(), engine.begin() as connection:
            last = connection.scalar(select(func.max(_anchors.c.last))) or 0
            if not last:
                return
            portion = _portion(connection, last)
            _remove(connection, portion or last)
            if portion in (0, last):
                return


def _portion(connection: Connection, last: int) -> int:
    """The last entry of the next portion of those up to `last`; 0 when none is left."""
    people, end = 0, 0
    rows = select(_entries.c.id, _entries.c.shown).where(_entries.c.id <= last)
    for id_, shown in connection.execute(rows.order_by(_entries.c.id).limit(PORTION)):
        people += shown
        if end and people > PEOPLE:
            break
        end = id_
    return end


def _remove(connection: Connection, last: int) -> None:
    """The rows up to entry `last`; on PostgreSQL only a function of the owner's may do it."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.log_forget(last)))
        return
    connection.execute(_SUBJECTS_GO, {"last": last, "about": "contact"})
    connection.execute(delete(_entries).where(_entries.c.id <= last))
    anchored = select(func.max(_anchors.c.last)).scalar_subquery()
    old = _checkpoints.c.last < anchored
    connection.execute(delete(_checkpoints).where(old, _checkpoints.c.last <= last))
