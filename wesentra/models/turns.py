"""Writers take turns: SQLite lets one transaction write at a time.

Left to itself it lets those who wait look again after longer and longer pauses, up to 100 ms, so
that with a few people at work nobody writes for much of the time. Here the threads of a process
stand in a line and the next one is woken at once; only the first of each process's line looks
again, every millisecond, for the writers of other processes.
"""

import sqlite3
import threading
import time
from typing import Any

from sqlalchemy import Connection, Engine, event

PATIENCE = 10.0
"""Seconds that a writer waits before it gives up."""
PAUSE = 0.001
HOLDS = "wesentra_turn"


class Turns:
    """The line of one process's writers to one database."""

    def __init__(self, engine: Engine) -> None:
        self.line = threading.Lock()
        event.listen(engine, "checkin", self._end)

    def begin(self, connection: Connection) -> None:
        """Begin to write when it is one's turn; "database is locked" when that takes too long."""
        end = time.monotonic() + PATIENCE
        if not connection.info.get(HOLDS) and self.line.acquire(timeout=PATIENCE):
            connection.info[HOLDS] = True
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            while not _settled(cursor) and time.monotonic() < end:
                time.sleep(PAUSE)
            if not connection.connection.in_transaction:
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # to fail in SQLAlchemy's words
        finally:
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE * 1000:.0f}")
            cursor.close()

    def _end(self, _connection: Any, record: Any) -> None:
        """A turn ends when the connection is given back, whatever became of the transaction."""
        if record.info.pop(HOLDS, False):
            self.line.release()


def _settled(cursor: Any) -> bool:
    """Whether the transaction has begun, or cannot begin for another reason than a writer."""
    try:
        cursor.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY
    return True
