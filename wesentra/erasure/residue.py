"""What is left of the erased in the files of the database, until it is cleared.

SQLite overwrites what is deleted (`secure_delete`), but the pages as they were before stand in the
write-ahead log until all of it is brought over and cut to nothing. While somebody reads, it cannot
be cut; the next run of the jobs tries again, until it succeeds. On PostgreSQL that is the owner's
work (README, "Erased is erased").
"""

from datetime import datetime

from sqlalchemy import Connection, Engine, func, select, update

from wesentra import clock
from wesentra.models import Tombstone
from wesentra.models.base import Base, meant_to_write

PATIENCE = 200
"""Milliseconds that whoever erased waits for readers; then it is the jobs' to try again."""

_stones = Base.metadata.tables[Tombstone.__tablename__]
_LEFT = _stones.c.cleared_at.is_(None)


def clear(engine: Engine) -> bool:
    """Cut the write-ahead log; whether no byte of those erased before is left in the files."""
    if engine.dialect.name != "sqlite":
        return False
    with engine.connect() as connection:
        # Writers take turns: whoever has a lower number was committed before.
        last = connection.scalar(select(func.max(_stones.c.id)).where(_LEFT))
        connection.rollback()
        if not cut(connection):
            return False
    if last is not None:
        with meant_to_write(), engine.begin() as connection:
            gone = _LEFT & (_stones.c.id <= last)
            connection.execute(update(_stones).where(gone).values(cleared_at=clock.now()))
    return True


def cut(connection: Connection) -> bool:
    """Bring the write-ahead log into the database and leave none of it; False when others kept it
    from being cut. On a connection that has begun nothing."""
    driver = connection.connection
    (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute(f"PRAGMA busy_timeout={PATIENCE}")
    try:
        busy, _pages, _moved = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience}")
    return not busy


def since(connection: Connection) -> datetime | None:
    """Since when bytes of somebody erased are left in the files; None where none are known."""
    if connection.dialect.name != "sqlite":
        return None
    found: datetime | None = connection.scalar(
        select(func.min(_stones.c.erased_at, type_=_stones.c.erased_at.type)).where(_LEFT)
    )
    return found
