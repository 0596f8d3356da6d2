"""What is said when the database fails; its own words may hold values, so they are not shown."""

import sqlite3

from wesentra.refusal import Refused
from wesentra.texts import mark

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
NO_CONNECTION = ("08", "28", "3D", "57")
"""Classes of PostgreSQL's SQLSTATE: connection, authorization, no such database, shutdown."""


def refusal(error: Exception) -> Refused:
    """The sentence for an error of SQLAlchemy or of the driver beneath it."""
    own = getattr(error, "orig", None) or error
    if isinstance(own, sqlite3.Error):
        code = getattr(own, "sqlite_errorcode", 0) & 0xFF
        if code in BUSY:
            return Refused(
                mark("The register is held by another program and stayed locked. Try again later.")
            )
        if code in DAMAGED:
            return Refused(
                mark("The file of the register is damaged, or is no database. Restore a backup.")
            )
    elif _no_connection(own):
        return Refused(mark("The database server does not answer, or does not let Wesentra in."))
    return Refused(
        mark(
            "The register could not be used, so nothing was shown. "
            "It may be locked, full or read-only."
        )
    )


def _no_connection(own: object) -> bool:
    """Whether psycopg found no server; a connection that never came has no SQLSTATE."""
    state = getattr(own, "sqlstate", "")
    return type(own).__name__ == "OperationalError" and (state or "08")[:2] in NO_CONNECTION
