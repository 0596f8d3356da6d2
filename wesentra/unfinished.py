"""A restore that is not finished: nobody opens the register before it is.

Between the moment in which a backup is in its place and the last repeated erasure there are people
in the database who were erased. A file in the instance's folder says so; every command, every page
and every start asks for it. Whoever was killed there goes on with `wesentra restore --finish`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from wesentra.instance import write_private
from wesentra.refusal import Refused
from wesentra.texts import mark

FILE = "restore.unfinished"
SENTENCE = mark(
    "A restore is not finished: erasures since that backup have to be repeated before anybody "
    "sees the register. wesentra restore --finish completes it."
)
_completing: ContextVar[bool] = ContextVar("completing", default=False)


@dataclass(frozen=True)
class Unfinished:
    """A restore on its way: `at` is the moment of the backup, `begun` that of the restore.

    `placed` says that the database of the backup is in its place, `empty` that there was none
    before. `aside` is the name under which the register that was there lies now; `last` its last
    entry of the log and `numbers` the last numbers that it gave, by table: None where nobody could
    read them.
    """

    at: datetime
    begun: datetime
    kind: str
    aside: str
    placed: bool = False
    empty: bool = False
    last: int | None = None
    numbers: Mapping[str, int] | None = None


def is_there(folder: Path) -> bool:
    """Whether a restore of this instance is unfinished."""
    return (folder / FILE).exists()


def demand_none(folder: Path) -> None:
    """Refuse to open the register while a restore is unfinished, but to whoever completes it."""
    if is_there(folder) and not _completing.get():
        raise Refused(SENTENCE)


@contextmanager
def completing() -> Iterator[None]:
    """Open the register inside the block all the same."""
    token = _completing.set(True)
    try:
        yield
    finally:
        _completing.reset(token)


def write(folder: Path, restore: Unfinished) -> None:
    """Say what is on its way; on the disk when this returns."""
    said = {**asdict(restore), "at": restore.at.isoformat(), "begun": restore.begun.isoformat()}
    write_private(folder / FILE, json.dumps(said).encode())


def read(folder: Path) -> Unfinished:
    """What is on its way. Raises Refused where nothing is, or where nobody can say what."""
    try:
        said = json.loads((folder / FILE).read_text(encoding="utf-8"))
        moments = {name: datetime.fromisoformat(said[name]) for name in ("at", "begun")}
        return Unfinished(**{**said, **moments})
    except FileNotFoundError as error:
        raise Refused(mark("There is no restore to finish.")) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(
            mark("%(file)s cannot be read. Restore the backup anew."), file=folder / FILE
        ) from error


def remove(folder: Path) -> None:
    """The register is open again."""
    (folder / FILE).unlink(missing_ok=True)
