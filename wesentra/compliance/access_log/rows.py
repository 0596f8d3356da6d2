"""Entries as rows for a reader: one row a request, whatever it showed and changed. Pure.

A page that is opened leaves several entries: the person, their company, what stands beside them.
Whoever looks through thousands reads them as the one thing that somebody did.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from wesentra.audit.ledger import Entry, Operation


@dataclass
class Line:
    """What was done in one way: whom it concerned by type of subject, or why the program looked."""

    first: Entry
    subjects: dict[str, list[int]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Take in one more entry of the same kind."""
        if entry.operation == Operation.PROGRAM:
            self.reasons.append(entry.subject_type)
        elif entry.subject_type:
            own = self.subjects.setdefault(entry.subject_type, [])
            own += [id_ for id_ in dict.fromkeys(entry.subject_ids) if id_ not in own]

    def whom(self) -> list[tuple[str, list[int]]]:
        """The numbers by type: people before what stands beside them."""
        return sorted(self.subjects.items(), key=lambda item: item[0] != "contact")


@dataclass(frozen=True)
class Row:
    """One request, command or job, as far as its entries stand together on a page."""

    first: Entry
    lines: list[Line]


def of(entries: Iterable[Entry]) -> list[Row]:
    """The rows of entries that come newest first; within a row the oldest entry is the first."""
    return [_row(list(own)) for _, own in groupby(entries, key=_of_one)]


def _of_one(entry: Entry) -> tuple[object, ...]:
    return entry.request_id, entry.actor_id, entry.role, entry.purpose


def _row(entries: list[Entry]) -> Row:
    lines: dict[tuple[object, ...], Line] = {}
    for entry in reversed(entries):
        kind = entry.operation, entry.outcome, entry.reason_id, entry.salt is None
        lines.setdefault(kind, Line(entry)).add(entry)
    return Row(entries[-1], list(lines.values()))
