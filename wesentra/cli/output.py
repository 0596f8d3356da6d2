"""Where a command's file goes: nobody sees it before its entries are committed."""

import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

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
def to(target: str, *, even_empty: bool = True) -> Iterator[IO[bytes]]:
    """A file to write into; its content is in `target` when the block was left without an error.

    Open it outside of `acting`, so that the entries are committed in between: until then the
    content has no name under which a killed command could leave it. With `even_empty=False`
    nothing is done when nothing was written. Raises Refused for what cannot be written.
    """
    path = None if target == STANDARD_OUTPUT else Path(target)
    try:
        folder = _folder(path)
        draft = _without_name(folder)
    except OSError as error:
        raise _cannot(target, error) from error
    with draft:
        yield draft
        if not even_empty and not draft.tell():
            return
        draft.seek(0)
        try:
            _put(draft, path, folder)
        except BrokenPipeError:
            raise  # whoever read it has gone: the command ends without a word
        except OSError as error:
            raise _cannot(target, error) from error


def _without_name(folder: Path | None) -> IO[bytes]:
    if folder is None:
        return cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
    return tempfile.TemporaryFile(dir=folder)


def _folder(path: Path | None) -> Path | None:
    """The folder in which `path` is to be made or replaced; None for what is written to as it is.

    Raises OSError for a folder in the place of a file.
    """
    if path is None:
        return None
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        return path.resolve().parent
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    return path.resolve().parent if stat.S_ISREG(kind) else None


@contextmanager
def whole_or_nothing() -> Iterator[None]:
    """What standard output did not take is forgotten, or the program would try again at its end
    and end with another code."""
    try:
        yield
    except Refused:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _put(draft: IO[bytes], path: Path | None, folder: Path | None) -> None:
    if path is None:
        shutil.copyfileobj(draft, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    elif folder is None:
        with path.open("wb") as device:
            shutil.copyfileobj(draft, device)
    else:
        _replace(path.resolve(), draft)


def _replace(path: Path, draft: IO[bytes]) -> None:
    """Put the content into `path` whole or not at all, with mode 600."""
    with tempfile.NamedTemporaryFile(prefix=".wesentra-", dir=path.parent, delete=False) as new:
        try:
            shutil.copyfileobj(draft, new)
            new.flush()
            os.fsync(new.fileno())
            Path(new.name).replace(path)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise


def _cannot(target: str, error: OSError) -> Refused:
    return Refused(
        mark("The file %(file)s cannot be written: %(reason)s."),
        file=target,
        reason=error.strerror,
    )
