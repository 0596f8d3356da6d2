"""What is left of the erased in the files of the database, until it is cleared.

SQLite overwrites what is deleted (`secure_delete`), and that leaves two things. The pages as they
were before stand in the write-ahead log until all of it is brought over and cut to nothing. And
where many have gone, half-empty pages are put together: copies of what has moved from one to
another stay in the room between the cells of the first, of whoever goes next as well. So the file
is written anew (VACUUM): a small one after each erasure, a large one at night, since nobody else
writes meanwhile. While somebody reads, neither can be; the next run of the jobs tries again, until
it succeeds. On PostgreSQL that is the owner's work (README, "Erased is erased").
"""

import sqlite3
from contextlib import closing
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select, update

from wesentra import clock
from wesentra.models import Tombstone
from wesentra.models.base import Base, meant_to_write

PATIENCE = 200
"""Milliseconds that whoever erased waits for others; then it is the jobs' to try again."""
SMALL = 32 * 2**20
"""A file of so many bytes is written anew in less than a second, and in memory."""

_stones = Base.metadata.tables[Tombstone.__tablename__]
_LEFT = _stones.c.cleared_at.is_(None)


def clear(engine: Engine, *, at_length: bool = False) -> bool:
    """Cut the write-ahead log and write the file anew, a large one only `at_length`; whether no
    byte of those erased before is left in the files."""
    if engine.dialect.name != "sqlite":
        return False
    with engine.connect() as connection:
        # Writers take turns: whoever has a lower number was committed before.
        last = connection.scalar(select(func.max(_stones.c.id)).where(_LEFT))
        connection.rollback()
        if not cut(connection):
            return False
        if last is None:
            return True
        small = is_small(connection)
        if not (small or at_length) or not _anew(engine, small=small) or not cut(connection):
            return False
    with meant_to_write(), engine.begin() as connection:
        gone = _LEFT & (_stones.c.id <= last)
        connection.execute(update(_stones).where(gone).values(cleared_at=clock.now()))
    return True


def is_small(connection: Connection) -> bool:
    """Whether the file is written anew at once, also by day."""
    driver = connection.connection
    (pages,), (size,) = (
        driver.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
    )
    return bool(pages * size <= SMALL)


def cut(connection: Connection) -> bool:
    """Bring the write-ahead log into the database and leave none of it; False when others kept it
    from being cut, or the disk did. On a connection that has begun nothing."""
    driver = connection.connection
    (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute(f"PRAGMA busy_timeout={PATIENCE}")
    try:
        busy, _pages, _moved = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience}")
    return not busy


def _anew(engine: Engine, *, small: bool) -> bool:
    """Write the file anew, without what stands between the cells of its pages.

    By a connection of its own: what goes by the engine is asked whom it concerns, and here all
    rows are moved and nobody is shown.
    """
    path = str(engine.url.database)
    is_uri, seconds = path.startswith("file:"), PATIENCE / 1000
    try:
        with closing(sqlite3.connect(path, seconds, isolation_level=None, uri=is_uri)) as own:
            own.execute(f"PRAGMA temp_store={'MEMORY' if small else 'FILE'}")
            own.execute("VACUUM")
    except sqlite3.OperationalError:
        return False
    return True


def since(connection: Connection) -> datetime | None:
    """Since when bytes of somebody erased are left in the files; None where none are known."""
    if connection.dialect.name != "sqlite":
        return None
    found: datetime | None = connection.scalar(
        select(func.min(_stones.c.erased_at, type_=_stones.c.erased_at.type)).where(_LEFT)
    )
    return found
