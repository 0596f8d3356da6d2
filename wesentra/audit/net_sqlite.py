"""The net of SQLite: an authorizer, and connections without the ways that ask it nothing."""

import sqlite3
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from wesentra.actor import current_or_none
from wesentra.audit.passing import AUDITED, PAST, Unwatched, passes
from wesentra.audit.statements import names_people
from wesentra.models.personal import personal_tables

_ROWS = (
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_INSERT,
    sqlite3.SQLITE_UPDATE,
    sqlite3.SQLITE_DELETE,
)
_ELSEWHERE = (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH)


def watch(engine: Engine) -> None:
    """Put the net on one engine, before its first connection."""
    event.listen(engine, "do_connect", _make_watched)
    event.listen(engine, "connect", _arm)
    event.listen(engine, "checkout", _ask_anew)
    event.listen(engine, "begin", _ask_anew_in)


def only_read(connection: sqlite3.Connection, yes: bool) -> None:
    """Let the connection change nothing, or let it again; nothing else on it can say so."""
    sqlite3.Connection.set_authorizer(connection, None)
    connection.execute(f"PRAGMA query_only={yes:d}")
    sqlite3.Connection.set_authorizer(connection, _allowed)


# --- what is asked while a statement is prepared ------------------------------------------------


def _allowed(action: int, first: str | None, *_: str | None) -> int:
    if action in _ELSEWHERE:
        return sqlite3.SQLITE_DENY
    name = (first or "").lower()
    if action == sqlite3.SQLITE_PRAGMA and name == "query_only":
        return sqlite3.SQLITE_DENY
    if action not in _ROWS or name not in personal_tables():
        return sqlite3.SQLITE_OK
    known = current_or_none() is not None and passes()
    return sqlite3.SQLITE_OK if known else sqlite3.SQLITE_DENY


def _ask_anew(connection: Any, *_: Any) -> None:
    """Where nobody acts, statements that were prepared while somebody did are asked about again.

    Drivers keep prepared statements; setting the authorizer lets SQLite prepare them anew. Doing so
    at every check-in would cost each page a tenth of its time.
    """
    if current_or_none() is None:
        sqlite3.Connection.set_authorizer(connection, _allowed)


def _ask_anew_in(connection: Connection) -> None:
    _ask_anew(connection.connection.dbapi_connection)


def _arm(connection: Any, _record: Any) -> None:
    connection.create_function(AUDITED, 0, _audited)
    sqlite3.Connection.set_authorizer(connection, _allowed)


def _audited() -> int:
    return int(current_or_none() is not None)


# --- what never asks it -------------------------------------------------------------------------


def _make_watched(_dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
    options["factory"] = Watched


def _demand(statement: str) -> None:
    """Statements that the driver has kept are not prepared again, so their text is read."""
    if names_people(statement) and not passes():
        raise Unwatched(PAST)


class WatchedCursor(sqlite3.Cursor):
    """A cursor that refuses what the engine did not let through."""

    def execute(self, sql: str, *args: Any) -> Any:
        """Raises Unwatched for people's data that nobody is noted with."""
        _demand(sql)
        return super().execute(sql, *args)

    def executemany(self, sql: str, *args: Any) -> Any:
        """Raises Unwatched for people's data that nobody is noted with."""
        _demand(sql)
        return super().executemany(sql, *args)

    def executescript(self, sql_script: str) -> Any:
        """Raises Unwatched for people's data that nobody is noted with."""
        _demand(sql_script)
        return super().executescript(sql_script)


def _past(*_: Any, **__: Any) -> Any:
    raise Unwatched(PAST)


class Watched(sqlite3.Connection):
    """A connection without what reads or changes the file past every statement."""

    blobopen = serialize = deserialize = backup = iterdump = set_authorizer = _past
    load_extension = enable_load_extension = _past

    def cursor(self, *_: Any, **__: Any) -> Any:
        """A watched cursor, whatever kind is asked for."""
        return super().cursor(WatchedCursor)

    def execute(self, *args: Any) -> Any:
        """Like a cursor's."""
        return self.cursor().execute(*args)

    def executemany(self, *args: Any) -> Any:
        """Like a cursor's."""
        return self.cursor().executemany(*args)

    def executescript(self, *args: Any) -> Any:
        """Like a cursor's."""
        return self.cursor().executescript(*args)
