"""What a verification says. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Fault(StrEnum):
    """What happened to the first bad entry."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    MOVED = "moved"
    CUT = "cut"
    REWRITTEN = "rewritten"
    UNSIGNED = "unsigned"
    LATE = "late"
    UNVOUCHED = "unvouched"
    OTHER_KEY = "other_key"
    CHECKPOINT = "checkpoint"
    ANCHOR = "anchor"
    ANCHOR_KEY = "anchor_key"
    REDACTED = "redacted"
    FIGURES = "figures"
    OLD_FIGURES = "old_figures"
    WAYS = "ways"
    HOLD = "hold"
    COPIES = "copies"
    RESTORED = "restored"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Finding:
    """The first bad entry; `other`: where it stands now, or up to where it was written anew.

    For HOLD it is the number of the hold.
    `day` is set where the figures of a day, or up to one, are bad.
    """

    fault: Fault
    entry: int
    other: int = 0
    day: date | None = None


@dataclass(frozen=True)
class Verdict:
    """How many entries and checkpoints were found, and what is wrong first (None: nothing).

    `gone` is the last entry that went by rule and left an anchor; `redacted` counts redactions of
    which no entry tells, in an export whose end may be elsewhere; `last` is the number of the
    entry up to which the chain was followed. `unsigned` is how many entries of an export come after
    its last checkpoint; `compared` the number of the latest of the checkpoints kept elsewhere that
    the register's log was compared with (0: none).
    """

    entries: int
    checkpoints: int
    finding: Finding | None
    gone: int = 0
    redacted: int = 0
    last: int = 0
    unsigned: int = 0
    compared: int = 0
