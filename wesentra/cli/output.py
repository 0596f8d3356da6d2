"""Where a command's file goes: nobody sees it before its entries are committed."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from wesentra.refusal import Refused
from wesentra.texts import mark

STANDARD_OUTPUT = "-"
IN_MEMORY = 4 * 1024 * 1024

option = click.option(
    "-o",
    "--output",
    default=STANDARD_OUTPUT,
    show_default=True,
    metavar="FILE",
    help="The file to write; - is standard output.",
)


@contextmanager
def to(target: str) -> Iterator[IO[bytes]]:
    """A file to write into; it appears as `target` when the block was left without an error.

    Open it outside of `acting`, so that the entries are committed in between. The file is readable
    by its owner alone. Raises Refused when it cannot be written.
    """
    if target == STANDARD_OUTPUT:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
            yield spooled
            spooled.seek(0)
            shutil.copyfileobj(spooled, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        return
    path = Path(target)
    try:
        handle, name = tempfile.mkstemp(prefix=".wesentra-", dir=path.parent)
    except OSError as error:
        raise _cannot(path, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _appear(Path(name), path)
    finally:
        Path(name).unlink(missing_ok=True)


def _appear(made: Path, path: Path) -> None:
    try:
        made.replace(path)
    except OSError as error:
        raise _cannot(path, error) from error


def _cannot(path: Path, error: OSError) -> Refused:
    return Refused(
        mark("The file %(file)s cannot be written: %(reason)s."),
        file=path,
        reason=error.strerror,
    )
