"""The log read out for an export: in the order of the chain, at one moment, without holes."""

from collections.abc import Iterator

from sqlalchemy import func, select

from wesentra.audit.entry import LogEntry
from wesentra.audit.records import Entry, entry_of, gone, links_before, user_names
from wesentra.audit.wanted import Wanted, matching
from wesentra.models.base import db

BATCH = 1000


def each(wanted: Wanted) -> Iterator[Entry]:
    """All entries, oldest first, in batches; memory stays constant."""
    names = user_names()
    last = gone()
    while True:
        query = matching(select(LogEntry), wanted).where(LogEntry.id > last)
        rows = db.session.scalars(query.order_by(LogEntry.id).limit(BATCH)).all()
        links = links_before(rows)
        for row in rows:
            yield entry_of(row, names, links[row.id - 1])
            db.session.expunge(row)
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def at_one_moment() -> None:
    """Begin a read that goes on seeing the register as it is now; what was read before is let go.

    PostgreSQL would else show what others do between two questions: a hole amid an export.
    """
    db.session.close()
    options = {"isolation_level": "REPEATABLE READ"}
    on_postgresql = db.engine.dialect.name == "postgresql"
    db.session.connection(execution_options=options if on_postgresql else {})


def stretch(wanted: Wanted) -> Wanted:
    """The entries from the first of some days to the last, where nothing but days is wanted.

    Where a clock was set back, others lie between them. A part of the chain has no holes.
    """
    query = matching(select(func.min(LogEntry.id), func.max(LogEntry.id)), wanted)
    first, last = db.session.execute(query.where(LogEntry.id > gone())).one()
    return Wanted(numbers=(first or 0, last or 0))
