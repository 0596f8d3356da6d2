"""The folder of a run: what its tests write, and its PostgreSQL. It is gone when the run is over.

It lies in memory where the machine has room there. Nothing the tests ask depends on a disk: they
pull the plug of processes and never of the machine, so that waiting for a disk proves nothing.
"""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from tests import cluster

NAME = "TEST_FOLDER"
"""The environment variable by which workers find the folder of the run."""
PYTESTS = "PYTEST_DEBUG_TEMPROOT"
"""The one by which pytest finds where its temporary folders begin."""
MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30  # noqa: S108 - a folder of our own is made in it
PREFIX = "wpg-"
_alive: list[IO[bytes]] = []


def of_run() -> Path:
    """The folder of this run."""
    return Path(os.environ[NAME])


def open_run() -> None:
    """Make the folder of this run, before any worker starts."""
    where = _where()
    _clear(where)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=where))
    os.environ[NAME] = str(folder)
    _alive.append((folder / "born").open("wb"))
    fcntl.flock(_alive[0], fcntl.LOCK_EX)
    (folder / "born").rename(folder / "alive")  # nobody finds it while it is not locked
    if where == MEMORY and PYTESTS not in os.environ:
        (folder / "tests").mkdir()
        os.environ[PYTESTS] = str(folder / "tests")


def close_run() -> None:
    """Stop what was started in this run and remove its folder."""
    folder = of_run()
    cluster.stop(folder)
    _alive.pop().close()
    shutil.rmtree(folder, ignore_errors=True)


def _where() -> Path:
    if os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY
    return Path(tempfile.gettempdir())


def _clear(where: Path) -> None:
    """Remove what runs have left that were killed; whoever lives holds the lock."""
    for alive in where.glob(f"{PREFIX}*/alive"):
        try:
            with alive.open("rb") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(alive.parent, ignore_errors=True)
        except OSError:
            continue  # it is somebody else's, or has just gone
