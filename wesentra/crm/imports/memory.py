"""What the check remembers of the rows before: which stood there already, and whom they named.

Only hashes are kept, eight bytes each, so that a file of any use fits: 100,000 rows take 30 MB.
"""

from wesentra.crm.imports.record import Record


class Memory:
    """The rows of one file that were checked so far.

    `foresees` says whether anybody wants to know before what would be made and what changed;
    without it the register is asked only when the rows are brought in.
    """

    def __init__(self, foresees: bool = True) -> None:
        self.foresees = foresees
        self._rows: set[int] = set()
        self._people: set[int] = set()
        self._colleagues: dict[int, list[tuple[int, int]]] = {}

    def is_repeated(self, record: Record) -> bool:
        """Whether the very same record stood in the file before; remembers it."""
        mark = hash(
            (
                frozenset(record.company.items()),
                frozenset(record.contact.items()),
                record.group,
                record.source,
            )
        )
        repeated = mark in self._rows
        self._rows.add(mark)
        return repeated

    def has_named(self, record: Record) -> bool:
        """Whether an earlier row named the same person (see `known`); remembers the person."""
        values = record.contact
        name, company = record.person_key, record.company_key
        marks = {hash((key, values[key], name)) for key in ("email", "phone") if key in values}
        named = not marks.isdisjoint(self._people)
        self._people |= marks
        if company:
            here = hash((company, name))
            own = (hash(values.get("email", "")), hash(values.get("phone", "")))
            earlier = self._colleagues.setdefault(here, [])
            named |= any(not _both_others(own, other) for other in earlier)
            earlier.append(own)
        return named


def _both_others(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether mail address and number are both known and both others; the hash of none is 0."""
    return all(a and b and a != b for a, b in zip(one, other, strict=True))
