"""Where copies of checkpoints go: a folder, the server's output, syslog, mail.

Each takes checkpoints in their order, or raises OSError or ValueError; it is then sent the same
again, so that some may arrive twice, which does no harm.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from wesentra.audit import exported
from wesentra.audit.lines import signed_line
from wesentra.audit.mail import Mail
from wesentra.audit.restorations import Restoration, not_lost
from wesentra.audit.seal import Checkpoint
from wesentra.audit.syslog import Syslog
from wesentra.receivers import syslog_address
from wesentra.settings import Settings
from wesentra.texts import mark

FILE = "wesentra-checkpoints.jsonl"


class Target(Protocol):
    """A place for copies. `at_once`: each new checkpoint, not only what the day has brought.

    `most` is how many it takes at a time.
    """

    name: str
    at_once: bool
    most: int

    def where(self) -> str:
        """The place in words for the administrator: an address or a path."""

    def held(self, restores: Sequence[Restoration]) -> int | None:
        """The number of the last checkpoint that is there, but for those of entries that restores
        have lost; None where one cannot look."""

    def send(self, lines: Sequence[str], checkpoints: Sequence[Checkpoint]) -> None:
        """Take checkpoints, each also as its line of an export."""


class Folder:
    """A file in a folder, best one that this machine may add to and not change."""

    name, at_once, most = "folder", True, 1_000_000

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE

    def where(self) -> str:
        """The folder."""
        return str(self.file.parent)

    def copies(self) -> list[Checkpoint]:
        """What is in the file; raises OSError or ValueError where it cannot be read."""
        return exported.copied(self.file) if self.file.exists() else []

    def held(self, restores: Sequence[Restoration]) -> int:
        """What the file says."""
        return max((one.number for one in not_lost(self.copies(), restores)), default=0)

    def send(self, lines: Sequence[str], checkpoints: Sequence[Checkpoint]) -> None:
        """Add the lines to the file."""
        with self.file.open("a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)


class Output:
    """The standard output of the server, which whoever runs it collects."""

    name, at_once, most = "output", True, 1000

    def where(self) -> str:
        """Its name."""
        return mark("standard output")

    def held(self, restores: Sequence[Restoration]) -> None:
        """Nobody can look."""

    def send(self, lines: Sequence[str], checkpoints: Sequence[Checkpoint]) -> None:
        """Print the lines."""
        sys.stdout.write("".join(line + "\n" for line in lines))
        sys.stdout.flush()


def targets_of(settings: Settings) -> tuple[Target, ...]:
    """The places that the administrator has named."""
    found: list[Target] = []
    if settings.log_copies is not None:
        found.append(Folder(settings.log_copies))
    if settings.log_stdout:
        found.append(Output())
    if settings.log_syslog is not None:
        found.append(Syslog(syslog_address(settings.log_syslog)))
    found.extend(Mail(settings, receiver) for receiver in settings.log_mail_to)
    return tuple(found)


def line_of(one: Checkpoint) -> str:
    """A checkpoint as one line, as every place gets it."""
    return json.dumps(signed_line(one), separators=(",", ":"))
