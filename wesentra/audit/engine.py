"""The engine's own net: what the session's listeners cannot see is refused by the database.

The session's listeners (`audit.hooks`) say which statements are attributed. Here every other one
is kept from personal tables, whoever sends it: a statement past the session, a raw cursor, a view,
an attached file. SQLite asks an authorizer while it prepares a statement (`audit.net_sqlite`);
PostgreSQL has row-level security and asks for a key (`audit.net_postgresql`, `audit.arming`).
"""

import re
import sqlite3
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, ExceptionContext

from wesentra.actor import current, current_or_none
from wesentra.audit import net_postgresql, net_sqlite
from wesentra.audit.passing import PAST, WATCHED, Unwatched, attributed, is_vouched
from wesentra.audit.statements import flushes, touches_people
from wesentra.models.base import flushing


def watch(engine: Engine) -> None:
    """Put the net on one engine, before its first connection."""
    for name, listener in (
        ("before_cursor_execute", _before),
        ("after_cursor_execute", _after),
        ("handle_error", _failed),
    ):
        event.listen(engine, name, listener)
    (net_sqlite if engine.dialect.name == "sqlite" else net_postgresql).watch(engine)


def only_read(connection: Any, yes: bool) -> None:
    """Let a connection of the driver change nothing, or let it again."""
    on_sqlite = isinstance(connection, sqlite3.Connection)
    (net_sqlite if on_sqlite else net_postgresql).only_read(connection, yes)


def _before(
    _connection: Connection, _cursor: Any, statement: str, _p: Any, context: Any, _many: bool
) -> None:
    options = context.execution_options if context is not None else {}
    # A table of no people may belong to some: its foreign keys look at them.
    if not (touches_people(context, statement) or options.get(WATCHED)):
        return
    current()
    if not (options.get(WATCHED) or is_vouched() or (flushing.get() and flushes(context))):
        raise Unwatched(PAST)
    attributed.set(True)


def _after(*_: Any) -> None:
    attributed.set(False)


_DENIED = re.compile(rf"prohibited|not authorized|{PAST}")


def _failed(context: ExceptionContext) -> None:
    attributed.set(False)
    error = context.original_exception
    if not isinstance(error, context.dialect.loaded_dbapi.Error):
        return
    if _DENIED.search(str(error)):
        raise Unwatched(PAST) from error
    if (acting := current_or_none()) is not None and acting.at_once:
        _keep_words_back(error, context.sqlalchemy_exception)


def _keep_words_back(error: BaseException, told: BaseException | None) -> None:
    """The words of a database may quote a value of which no entry tells yet; its kind does not."""
    kind = getattr(error, "sqlite_errorname", type(error).__name__)
    for each in (error, told):
        if each is not None:
            each.args = (kind,)
