"""The engine's own net: what the session's listeners cannot see is refused by the database.

The session's listeners (`audit.hooks`) say which statements are attributed. Here every other one
is kept from personal tables, whoever sends it: a statement past the session, a raw cursor, a view,
an attached file. SQLite asks an authorizer while it prepares a statement; PostgreSQL has row-level
security and asks for a setting of the transaction (`audit.arming`).
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, ExceptionContext

from wesentra.actor import current, current_or_none
from wesentra.audit.statements import names_people, touches_people
from wesentra.models.base import flushing
from wesentra.models.personal import personal_tables

WATCHED = "wesentra_watched"
AUDITED = "wesentra_audited"
"""The SQL function by which triggers ask whether somebody acts."""
SETTING = "wesentra.audit"
"""The setting of a transaction on PostgreSQL: the id of the request that acts in it."""

attributed: ContextVar[bool] = ContextVar("attributed", default=False)
"""True while a statement runs that says whom it concerns, or that nobody is shown by it."""

_vouched: ContextVar[bool] = ContextVar("vouched", default=False)


class Unwatched(RuntimeError):
    """A statement on a personal table does not say whom it concerns; it was not run."""


PAST = "a statement on personal data came past the watched session"


@contextmanager
def vouched() -> Iterator[None]:
    """Let statements through inside the block; whoever opens it writes the entry for all of them.

    For changes of the schema, which move whole tables and show nobody.
    """
    token = _vouched.set(True)
    try:
        yield
    finally:
        _vouched.reset(token)


# --- what the engine sends ----------------------------------------------------------------


def _before(
    _connection: Connection, _cursor: Any, statement: str, _p: Any, context: Any, _many: bool
) -> None:
    if not touches_people(context, statement):
        return
    current()
    options = context.execution_options if context is not None else {}
    if not (options.get(WATCHED) or flushing.get() or _vouched.get()):
        raise Unwatched(PAST)
    attributed.set(True)


def _after(*_: Any) -> None:
    attributed.set(False)


def _failed(context: ExceptionContext) -> None:
    attributed.set(False)
    if isinstance(context.original_exception, sqlite3.DatabaseError) and _DENIED.search(
        str(context.original_exception)
    ):
        raise Unwatched(PAST) from context.original_exception


_DENIED = re.compile(r"prohibited|not authorized")


def watch(engine: Engine) -> None:
    """Put the net on one engine, before its first connection."""
    for name, listener in (
        ("before_cursor_execute", _before),
        ("after_cursor_execute", _after),
        ("handle_error", _failed),
    ):
        event.listen(engine, name, listener)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _arm_sqlite)
        event.listen(engine, "checkout", _ask_anew)
        event.listen(engine, "begin", _ask_anew_in)
    else:
        event.listen(engine, "connect", _arm_postgresql)
        event.listen(engine, "begin", _say_who)


# --- SQLite ---------------------------------------------------------------------------------

_ROWS = (
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_INSERT,
    sqlite3.SQLITE_UPDATE,
    sqlite3.SQLITE_DELETE,
)
_ELSEWHERE = (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH)


def _allowed(action: int, table: str | None, *_: str | None) -> int:
    if action in _ELSEWHERE:
        return sqlite3.SQLITE_DENY
    if action not in _ROWS or (table or "").lower() not in personal_tables():
        return sqlite3.SQLITE_OK
    known = current_or_none() is not None and (attributed.get() or _vouched.get())
    return sqlite3.SQLITE_OK if known else sqlite3.SQLITE_DENY


def _ask_anew(connection: Any, *_: Any) -> None:
    """Where nobody acts, statements that were prepared while somebody did are asked about again.

    Drivers keep prepared statements; setting the authorizer lets SQLite prepare them anew. Doing so
    at every check-in would cost each page a tenth of its time.
    """
    if current_or_none() is None:
        connection.set_authorizer(_allowed)


def _ask_anew_in(connection: Connection) -> None:
    _ask_anew(connection.connection.dbapi_connection)


def _arm_sqlite(connection: Any, _record: Any) -> None:
    connection.create_function(AUDITED, 0, _audited)
    connection.set_authorizer(_allowed)


def _audited() -> int:
    return int(current_or_none() is not None)


# --- PostgreSQL -----------------------------------------------------------------------------


def _arm_postgresql(connection: Any, _record: Any) -> None:
    connection.cursor_factory = _watching_cursor(connection.cursor_factory)


def _watching_cursor(plain: type[Any]) -> type[Any]:
    """A cursor that refuses what the engine did not let through: a raw one is refused as well."""

    class Watching(plain):  # type: ignore[misc]
        def execute(self, query: Any, *args: Any, **options: Any) -> Any:
            _demand(query)
            return super().execute(query, *args, **options)

        def executemany(self, query: Any, *args: Any, **options: Any) -> Any:
            _demand(query)
            return super().executemany(query, *args, **options)

        def stream(self, query: Any, *args: Any, **options: Any) -> Any:
            _demand(query)
            return super().stream(query, *args, **options)

        def copy(self, statement: Any, *args: Any, **options: Any) -> Any:
            _demand(statement)
            return super().copy(statement, *args, **options)

    return Watching


def _demand(query: Any) -> None:
    if attributed.get() or _vouched.get():
        return
    text = query.decode() if isinstance(query, bytes) else str(query)
    if names_people(text):
        raise Unwatched(PAST)


def _say_who(connection: Connection) -> None:
    acting = current_or_none()
    if acting is not None:
        connection.exec_driver_sql(
            f"SELECT set_config('{SETTING}', %s, true)", (acting.request_id,)
        )
