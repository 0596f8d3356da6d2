"""What is said when the database fails; its own words may hold values, so they are not shown."""

import sqlite3

from sqlalchemy.exc import SQLAlchemyError

from wesentra.refusal import Refused
from wesentra.texts import mark

Codes = tuple[int | str, ...]
BUSY: Codes = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, "55P03")
FULL: Codes = (sqlite3.SQLITE_FULL, "53100")
DAMAGED: Codes = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
SENTENCES: tuple[tuple[Codes, str], ...] = (
    (BUSY, mark("The register is held by another program and stayed locked. Try again later.")),
    (FULL, mark("The disk of the register is full: what was not stored before stays as it was.")),
    (DAMAGED, mark("The file of the register is damaged, or is no database. Restore a backup.")),
)
NO_CONNECTION = ("08", "28", "3D", "57")
"""Classes of PostgreSQL's SQLSTATE: connection, authorization, no such database, shutdown."""


def refusal(error: Exception) -> Refused:
    """The sentence for an error of SQLAlchemy or of the driver beneath it."""
    if isinstance(error.__cause__, SQLAlchemyError):
        error = error.__cause__  # the log could not be written, for a reason of the database's
    own = getattr(error, "orig", None) or error
    code = _code(own)
    for codes, sentence in SENTENCES:
        if code in codes:
            return Refused(sentence)
    if not isinstance(own, sqlite3.Error) and _no_connection(own):
        return Refused(mark("The database server does not answer, or does not let Wesentra in."))
    return Refused(
        mark(
            "The register could not be used, so nothing was shown. "
            "It may be locked, full or read-only."
        )
    )


def _code(own: object) -> object:
    """SQLite's number of an error, or PostgreSQL's SQLSTATE."""
    if isinstance(own, sqlite3.Error):
        return getattr(own, "sqlite_errorcode", 0) & 0xFF
    return getattr(own, "sqlstate", "")


def _no_connection(own: object) -> bool:
    """Whether psycopg found no server; a connection that never came has no SQLSTATE."""
    state = getattr(own, "sqlstate", "")
    return type(own).__name__ == "OperationalError" and (state or "08")[:2] in NO_CONNECTION
