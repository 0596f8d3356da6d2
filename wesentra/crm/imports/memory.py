"""What the check remembers of the rows before: which stood there already, and whom they named.

Only hashes are kept, eight bytes each, so that a file of any use fits: 100,000 rows take 30 MB.
"""

from wesentra.crm.imports.rows import Record


class Memory:
    """The rows of one file that were checked so far.

    `foresees` says whether anybody wants to know before what would be made and what changed;
    without it the register is asked only when the rows are brought in.
    """

    def __init__(self, foresees: bool = True) -> None:
        self.foresees = foresees
        self._rows: set[int] = set()
        self._people: set[int] = set()

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
        """Whether an earlier row named the same person; remembers the person."""
        marks = _person_marks(record)
        named = not marks.isdisjoint(self._people)
        self._people |= marks
        return named


def _person_marks(record: Record) -> set[int]:
    values = record.contact
    if not values:
        return {hash(("company", record.company_key))}
    name, company = record.person_key, record.company_key
    marks = {hash(("company", company, name))} if company else set()
    marks |= {hash((key, values[key], name)) for key in ("email", "phone") if key in values}
    return marks
