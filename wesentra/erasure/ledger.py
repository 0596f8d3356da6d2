"""The ledger of erasures: a file apart from the database, so that no restored copy forgets them.

A line is written before the transaction that erases is committed (`intent`), one after it (`done`),
and one where it was rolled back (`void`). Whoever restores a copy of the database erases all that
was not voided once more: better somebody who was to go than somebody who stays.

There are numbers in it and no value. It is not sealed: whoever can write it can write the database
beside it, and what it says is compared with the tombstones every night.
"""

import json
import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from wesentra import clock
from wesentra.erasure import turn
from wesentra.instance import OWNER_ONLY_FILE, make_folder
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

FILE = "erasures.jsonl"
INTENT, DONE, VOID = "intent", "done", "void"


@dataclass(frozen=True)
class Erased:
    """A contact or company that was erased (`kind`, `number`), and when.

    Numbers are given once in one life of a database; in a restored copy a number above those that
    it had can be somebody else's, who was made after `at`.
    """

    kind: str
    number: int
    at: datetime


def path_of(settings: Settings) -> Path:
    """Where the ledger lies."""
    return settings.erasure_ledger or settings.instance / FILE


def erased(settings: Settings) -> Iterator[Erased]:
    """Whoever was erased by this ledger, in the order of the erasures; nobody without a file.

    What was begun and not taken back counts. Raises Refused for a file that cannot be read.
    """
    for kept in states(settings).values():
        if kept.state != VOID:
            yield from (Erased("contact", number, kept.at) for number in kept.contacts)
            yield from (Erased("company", number, kept.at) for number in kept.companies)


@dataclass
class Kept:
    """One erasure as the ledger knows it: what it is at now, when it began and of whom it is."""

    state: str
    at: datetime
    contacts: tuple[int, ...]
    companies: tuple[int, ...]

    def names(self, contacts: Collection[int], companies: Collection[int]) -> bool:
        """Whether all of these are in it; with its first line lost, it is nobody's."""
        return set(contacts) <= set(self.contacts) and set(companies) <= set(self.companies)


def states(settings: Settings) -> dict[str, Kept]:
    """Each erasure by its name, in their order, with the last that was said of it."""
    found: dict[str, Kept] = {}
    for name, state, line in _lines(path_of(settings)):
        if state == INTENT or name not in found:
            at = datetime.fromisoformat(line["at"])
            people, firms = line.get("contacts", ()), line.get("companies", ())
            found[name] = Kept(state, at, tuple(people), tuple(firms))
        else:
            found[name].state = state
    return found


def _lines(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                if text.rstrip("\n").endswith("}"):  # else it was cut off, and nothing came of it
                    yield _read(path, number, text)
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _read(path: Path, number: int, text: str) -> tuple[str, str, dict[str, Any]]:
    try:
        line = json.loads(text)
        datetime.fromisoformat(line["at"])
        return str(line["erasure"]), str(line["state"]), line
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(
            mark("Line %(line)s of the ledger of erasures in %(file)s cannot be read."),
            line=number,
            file=path,
        ) from error


def write(
    settings: Settings,
    erasure: str,
    state: str,
    contacts: Collection[int] = (),
    companies: Collection[int] = (),
    at: datetime | None = None,
) -> None:
    """Say one thing of one erasure; it is on the disk when this returns.

    Raises Refused, with nothing written, where there is no place for it.
    """
    when = (at or clock.now()).isoformat(timespec="seconds")
    line: dict[str, Any] = {"erasure": erasure, "state": state, "at": when}
    whom = (("contacts", contacts), ("companies", companies))
    line |= {name: sorted(numbers) for name, numbers in whom if numbers}
    _store(settings, json.dumps(line, separators=(",", ":")).encode() + b"\n")


def _store(settings: Settings, line: bytes) -> None:
    path = path_of(settings)
    try:
        with _opened(path, settings) as file:
            _append(file, line)
    except TimeoutError as error:
        raise Refused(
            mark("Nothing is erased: another program holds the ledger of erasures in %(file)s."),
            file=path,
        ) from error
    except OSError as error:
        raise Refused(
            mark(
                "Nothing is erased: the ledger of erasures in %(file)s cannot be written "
                "(%(reason)s)."
            ),
            file=path,
            reason=error.strerror,
        ) from error


@contextmanager
def _opened(path: Path, settings: Settings) -> Iterator[int]:
    """The file, held against other processes; a folder that somebody named is not made anew."""
    if settings.erasure_ledger is None:
        make_folder(path.parent)
    is_new = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, OWNER_ONLY_FILE)
    try:
        turn.take(file)
        yield file
        if is_new:
            _keep_name(path.parent)
    finally:
        os.close(file)


def _append(file: int, line: bytes) -> None:
    """The whole line or nothing: what a full disk has taken of it is cut off again."""
    end = os.lseek(file, 0, os.SEEK_END)
    if end and os.lseek(file, -1, os.SEEK_END) and os.read(file, 1) != b"\n":
        line = b"\n" + line  # somebody was killed in the middle of theirs
    try:
        if (written := os.write(file, line)) != len(line):
            os.write(file, line[written:])  # says by an error why not all of it went
        os.fsync(file)
    except OSError:
        with suppress(OSError):
            os.ftruncate(file, end)
        raise


def _keep_name(folder: Path) -> None:
    """A new file's name is on the disk as well."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unreadable(path: Path, error: Exception) -> Refused:
    return Refused(
        mark("The ledger of erasures in %(file)s cannot be read: %(reason)s."),
        file=path,
        reason=getattr(error, "strerror", None) or type(error).__name__,
    )
