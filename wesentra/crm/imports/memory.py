"""What the check remembers of the rows before: which stood there already, and whom they named.

Only hashes are kept, eight bytes each, so that a file of any use fits: 100,000 rows take 30 MB.
"""

import json
from hashlib import blake2b

from wesentra.crm.imports.rows import Record
from wesentra.crm.imports.staging import as_json


class Memory:
    """The rows of one file that were checked so far."""

    def __init__(self) -> None:
        self._rows: set[int] = set()
        self._people: set[int] = set()

    def is_repeated(self, record: Record) -> bool:
        """Whether the very same record stood in the file before; remembers it."""
        mark = _hash(json.dumps(as_json(record), sort_keys=True))
        repeated = mark in self._rows
        self._rows.add(mark)
        return repeated

    def has_named(self, record: Record) -> bool:
        """Whether an earlier row named the same person; remembers the person."""
        marks = _person_marks(record)
        named = not marks.isdisjoint(self._people)
        self._people |= marks
        return named


def _person_marks(record: Record) -> set[int]:
    values = record.contact
    if not values:
        return {_hash(f"c|{record.company_key}")}
    name, company = record.person_key, record.company_key
    marks = {_hash(f"n|{name}|{company}")} if company else set()
    marks |= {_hash(f"{key}|{values[key]}|{name}") for key in ("email", "phone") if key in values}
    return marks


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
