"""A restored database is put into its place on SQLite: by renaming, step by step."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from wesentra import instance as instances
from wesentra.operations.backups import contents
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

ENDS = ("", "-wal", "-shm", "-journal")
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
IN_USE = mark("The register is in use. Stop the server first; nothing was changed.")


def place(settings: Settings) -> Path:
    """Where the database lies."""
    return Path(str(make_url(settings.database_url).database)).absolute()


def work_folder(settings: Settings) -> Path:
    """A folder on the same disk, from which one can rename."""
    return place(settings).parent


def is_empty(settings: Settings) -> bool:
    """Whether there is no register yet that could be lost."""
    return not place(settings).exists() or place(settings).stat().st_size == 0


def demand_alone(settings: Settings) -> None:
    """See that nobody has the register open, and leave all of it in its one file.

    Raises Refused while somebody has. A file that is none any more is left as it is.
    """
    file = place(settings)
    if is_empty(settings):
        return
    try:
        with closing(sqlite3.connect(file, timeout=1, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        if (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in BUSY:
            raise Refused(IN_USE) from error


def known(settings: Settings) -> tuple[int | None, dict[str, int] | None]:
    """The last entry of the log and the last numbers given, by table; None for what is lost."""
    if is_empty(settings):
        return None, None
    try:
        with closing(sqlite3.connect(place(settings), isolation_level=None)) as connection:
            last = connection.execute("SELECT last FROM log_head").fetchone()
            rows = connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
    except sqlite3.DatabaseError:
        return None, None
    return int(last[0]) if last else None, {str(name): int(number) for name, number in rows}


def put(settings: Settings, staged: Path, aside: str) -> None:
    """Move what is there aside and the restored one into its place; again after a kill."""
    restored = staged / contents.DATABASES["sqlite"]
    file = place(settings)
    if not restored.exists():
        return  # it is in its place already
    _move_aside(file, file.parent / aside)
    restored.replace(file)
    _to_disk(file.parent)


def _move_aside(file: Path, folder: Path) -> None:
    for end in reversed(ENDS):
        there, kept = Path(f"{file}{end}"), folder / f"{file.name}{end}"
        if there.exists() and not kept.exists():
            instances.make_folder(folder)
            there.rename(kept)


def _to_disk(folder: Path) -> None:
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
