"""Redactions that an entry vouches for, and those that nobody does. Pure."""

import json
from dataclasses import dataclass, field

from wesentra.audit import seal
from wesentra.audit.entry import Operation

ABOUT = "entry"
"""The type of the subjects of an entry that tells of entries, by their numbers."""

_TELLS = f"\n{Operation.LOG_REDACT}\n".encode()
_OPERATION, _IDS = seal.STAYS.index("operation"), seal.GOES.index("subject_ids")


@dataclass
class Redactions:
    """What a walk through the chain has met: redacted entries, and those told of by later ones."""

    redacted: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)

    def meet(self, number: int, salt: bytes | None, stays: bytes, goes: bytes) -> None:
        """Look at one entry."""
        if salt is None:
            self.redacted.add(number)
        elif _TELLS in stays and stays.split(b"\n")[_OPERATION] == Operation.LOG_REDACT.encode():
            ids = json.loads(goes.split(b"\n")[_IDS])
            self.told |= {int(id_) for id_ in ids if int(id_) < number}

    def __or__(self, others: "Redactions") -> "Redactions":
        """What two walks met."""
        return Redactions(self.redacted | others.redacted, self.told | others.told)

    def unvouched(self) -> list[int]:
        """The redacted entries of which no entry tells, in order."""
        return sorted(self.redacted - self.told)
