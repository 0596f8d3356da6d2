"""The net of PostgreSQL: row-level security that knows each attributed statement by its key.

A key, of one connection and known to its cursors alone, ends the text of each statement that was
let through. The transaction's setting says what it hashes to, and the policy of every personal
table (`audit.arming`) compares the two. So an act opens the statement that was attributed and no
other: text that a function or a DO block puts together, COPY, other kinds of cursors and the
protocol itself have no key. It goes with its statement and costs no round trip of its own.
"""

import re
import secrets
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from wesentra.actor import current_or_none
from wesentra.audit.passing import PAST, SETTING, Unwatched, passes, vouched
from wesentra.audit.statements import names_people

KEY_LENGTH = 32
HASH = "wesentra_key_hash"
_LOOSENS = re.compile(
    r"set_config|\bset\s+((local|session)\s+)?\"?wesentra|read\s+write|read_only", re.IGNORECASE
)
"""What would open an act, or let a connection write that only reads."""


def watch(engine: Engine) -> None:
    """Put the net on one engine, before its first connection.

    Rows come in one answer: fetching from a cursor of the server is a statement without a key.
    """
    engine.dialect.supports_server_side_cursors = False
    event.listen(engine, "connect", _arm)
    event.listen(engine, "begin", _say_who)


def only_read(connection: Any, yes: bool) -> None:
    """Let the connection change nothing, or let it again; outside of a transaction."""
    with vouched():
        connection.execute(f"SET default_transaction_read_only = {'on' if yes else 'off'}")
    connection.commit()


def _say_who(connection: Connection) -> None:
    if current_or_none() is not None:
        with vouched():
            connection.exec_driver_sql(
                f"SELECT set_config('{SETTING}', %s, true)", (connection.info[HASH],)
            )


def _arm(connection: Any, record: Any) -> None:
    key = secrets.token_hex(KEY_LENGTH // 2)
    record.info[HASH] = sha256(key.encode()).hexdigest()
    connection.cursor_factory = _watching_cursor(connection.cursor_factory, key)
    connection.server_cursor_factory = _no_cursor


def _no_cursor(*_: Any, **__: Any) -> Any:
    raise Unwatched(PAST)


def _watching_cursor(plain: type[Any], key: str) -> type[Any]:
    """A cursor that gives its key to what was let through, and refuses the rest by its text."""

    class Watching(plain):  # type: ignore[misc]
        def execute(self, query: Any, *args: Any, **options: Any) -> Any:
            return super().execute(_keyed(query, key), *args, **options)

        def executemany(self, query: Any, *args: Any, **options: Any) -> Any:
            return super().executemany(_keyed(query, key), *args, **options)

        def stream(self, query: Any, *args: Any, **options: Any) -> Any:
            return super().stream(_keyed(query, key), *args, **options)

        def copy(self, statement: Any, *args: Any, **options: Any) -> Any:
            return super().copy(_keyed(statement, key), *args, **options)

    return Watching


def _keyed(query: Any, key: str) -> Any:
    text = query.decode() if isinstance(query, bytes) else str(query)
    if passes():
        return f"{text}\n/*{key}*/" if isinstance(query, str | bytes) else query
    if _suspect(text):
        raise Unwatched(PAST)
    return query


@lru_cache(maxsize=2048)
def _suspect(text: str) -> bool:
    return names_people(text) or _LOOSENS.search(text) is not None
