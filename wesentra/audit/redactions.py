"""Redactions that an entry vouches for, and those that nobody does. Pure."""

import json
from dataclasses import dataclass, field

from wesentra.audit import seal
from wesentra.audit.entry import Operation

ABOUT = "entry"
"""The type of the subjects of an entry that tells of entries, by their numbers."""

_TELLS = f"\n{Operation.LOG_REDACT}\n".encode()
_OPERATION, _IDS = seal.FIELDS.index("operation"), seal.FIELDS.index("subject_ids")


@dataclass
class Redactions:
    """What a walk through the chain has met: redacted entries, and those told of by later ones."""

    redacted: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)

    def meet(self, number: int, salt: bytes | None, told: bytes) -> None:
        """Look at one entry."""
        if salt is None:
            self.redacted.add(number)
        elif _TELLS in told:
            lines = told.decode().split("\n")
            if lines[_OPERATION] == Operation.LOG_REDACT:
                self.told |= {int(id_) for id_ in json.loads(lines[_IDS]) if int(id_) < number}

    def unvouched(self) -> list[int]:
        """The redacted entries of which no entry tells, in order."""
        return sorted(self.redacted - self.told)
