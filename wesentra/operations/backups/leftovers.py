"""What a killed backup or restore has left over in the clear, and its removal.

Folders of work are held by a lock that ends with their process, however it ended; so nobody's work
is taken from under them.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from wesentra import unfinished
from wesentra.operations.backups import nameless
from wesentra.settings import Settings

if sys.platform != "win32":
    import fcntl

STAGING, TEST = ".restoring", ".restore-test-"
"""The folder in which a backup is unpacked, and how those of tests begin."""


@contextmanager
def own_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A folder of one's own (mode 700) that is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        with held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Hold a folder against `sweep`; False where somebody else holds it."""
    if sys.platform == "win32":
        yield True
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def sweep(settings: Settings) -> None:
    """Remove what nobody works on any more, in the instance's folder and beside the database.

    What an unfinished restore has unpacked stays: it is needed to finish it.
    """
    for place in {settings.instance, *_beside_database(settings)}:
        for file in place.glob(f"{nameless.PREFIX}*"):
            nameless.forget(file)
        folders = list(place.glob(f"{TEST}*"))
        if not unfinished.is_there(settings.instance):
            folders.append(place / STAGING)
        for folder in folders:
            _remove(folder)


def _beside_database(settings: Settings) -> Iterator[Path]:
    """The folder of a file, which can be another one."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        yield Path(str(url.database)).absolute().parent


def _remove(folder: Path) -> None:
    if not folder.is_dir() or folder.is_symlink():
        return
    with held(folder) as free:
        if free:
            shutil.rmtree(folder, ignore_errors=True)
