"""How people leave the register: what the settings say of it, read and checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wesentra.refusal import Refused
from wesentra.texts import mark

WAITING = {"waiting_days": (0, 30)}
"""Whole numbers with limits of their own."""


@dataclass(frozen=True, kw_only=True)
class WayOut:
    """How long a deletion by hand can be taken back, and where it is written who was erased."""

    waiting_days: int = 7
    """Days in the waiting room; with 0 a deletion by hand is an erasure at once."""
    erasure_ledger: Path | None = None
    """The file of the ledger of erasures, where it does not lie in the instance folder."""


def check_way_out(values: dict[str, Any]) -> None:
    """Make a path of the ledger's; raises Refused for one that is not whole, or is there and
    no plain file: a folder, or a device that swallows what is written."""
    key = "erasure_ledger"
    if (named := values.get(key)) is None:
        return
    path = Path(named)
    if not path.is_absolute() or (path.exists() and not path.is_file()):
        raise Refused(
            mark("The setting %(key)s names no file with its whole path: %(value)s."),
            key=key,
            value=named,
        )
    values[key] = path
