"""The database as it is at one moment, as a plain file without a name, while others go on working.

This is the one place that reads the whole register past the watch (`audit.engine`), by a
connection of its own. Nobody is shown anything: what is copied leaves the process encrypted, and
whoever asked for it has the entry `backup` in the log before it appears anywhere.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import IO

from sqlalchemy import make_url

from wesentra.operations.backups import leftovers, nameless, postgresql
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

PATIENCE = 10.0
FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


def kind(settings: Settings) -> str:
    """Which kind of database the register has: a key of `contents.DATABASES`."""
    return make_url(settings.database_url).get_backend_name()


@contextmanager
def taken(settings: Settings) -> Iterator[IO[bytes]]:
    """The copy, to be read from its beginning. Raises Refused where it cannot be made, and for a
    file that is damaged: then the last good backup is worth more than a new one."""
    leftovers.sweep(settings)
    try:
        with nameless.file(settings.instance) as (path, content):
            if kind(settings) == "sqlite":
                with closing(_blank(str(path))) as target:
                    nameless.forget(path)
                    _copy(settings, target)
            else:
                nameless.forget(path)
                postgresql.dump(settings.database_owner_url, content)
            if not content.seek(0, os.SEEK_END):
                raise no_room(settings)  # its name was taken away too early: never an empty backup
            content.seek(0)
            yield content
    except BrokenPipeError:
        raise  # whoever read the backup has gone
    except OSError as error:
        raise no_room(settings) from error


def no_room(settings: Settings) -> Refused:
    """There is no place for the copy."""
    return Refused(
        mark(
            "There is no room in %(folder)s for a copy of the database while the backup is made. "
            "Nothing was backed up."
        ),
        folder=settings.instance,
    )


def _blank(path: str) -> sqlite3.Connection:
    """A database that nobody else has and that keeps no journal: there is nothing to go back to."""
    target = sqlite3.connect(path, isolation_level=None)
    target.execute("PRAGMA journal_mode=OFF")
    target.execute("PRAGMA synchronous=OFF")
    return target


def _copy(settings: Settings, target: sqlite3.Connection) -> None:
    """Copy all pages in one reading, which sees one moment and keeps nobody from writing."""
    path = str(make_url(settings.database_url).database)
    name = path if path.startswith("file:") else f"file:{_quoted(path)}?mode=rw"
    try:
        with closing(sqlite3.connect(name, PATIENCE, isolation_level=None, uri=True)) as source:
            source.execute("BEGIN")
            if source.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise damaged()
            source.backup(target)
    except sqlite3.Error as error:
        if (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in FULL:
            raise no_room(settings) from error
        raise


def damaged() -> Refused:
    """The database is no good source of a backup."""
    return Refused(
        mark("The file of the register is damaged; it was not backed up. Restore the last backup.")
    )


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
