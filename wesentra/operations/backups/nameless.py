"""Files without a name: what was in them is nowhere when the process has ended, however it ended.

The plain copy of the database that a backup is made of has to be somewhere for a moment, and
people who are erased later must not stay in it. Where the system lets an open file lose its name
(everywhere but on Windows), killing the program leaves an empty file at most. What is left over
goes at the next start of the server and with the next backup.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

PREFIX = ".backup-copy-"


@contextmanager
def file(folder: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """An empty file of one's own: its path, for as long as it has one, and it opened.

    Whoever needs the path opens it and calls `forget`.
    """
    opened, name = tempfile.mkstemp(prefix=PREFIX, dir=folder)  # mode 600
    path = Path(name)
    try:
        with os.fdopen(opened, "w+b") as content:
            yield path, content
    finally:
        forget(path)


def forget(path: Path) -> None:
    """Take the name of an open file away, where the system lets go of it."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
