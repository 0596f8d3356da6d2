"""Numbers for new rows, taken before they are written: an entry names whom it is about."""

from sqlalchemy import text

from wesentra.models.base import db

_SQLITE = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
_POSTGRESQL = text(
    "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)"
)


def take(table: str, count: int) -> list[int]:
    """Return `count` new ids of `table`, inside the transaction that will insert them.

    On SQLite the transaction has to hold the write lock; no id is ever given twice.
    """
    if count == 0:
        return []
    if db.session.get_bind().dialect.name == "postgresql":
        found = db.session.execute(_POSTGRESQL, {"table": table, "count": count})
        return [int(row[0]) for row in found]
    last = int(db.session.execute(_SQLITE, {"table": table}).scalar() or 0)
    return list(range(last + 1, last + 1 + count))
