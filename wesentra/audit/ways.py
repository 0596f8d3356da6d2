"""The ways from people to entries (`log_subject`) against what the entries themselves say.

Whoever takes a way out hides a look from the person's page, though the entry still stands. Both
sides are summed up by the database under numbers that are drawn anew each time; only where the sums
differ, the entry is looked for. What is summed is a product of remainders of each row, by numbers
that nobody knows before: rows cannot be chosen so that they make up for others.
"""

import secrets
from collections.abc import Mapping

from sqlalchemy import Connection, text

from wesentra.audit.verdict import Fault, Finding

MOST = 2**31 - 1
"""The highest number of a contact or an entry; products of two such stay below 2**63."""
FACTORS = 6

_LISTED = {
    "sqlite": "log_entry e, json_each(e.subject_ids) s",
    "postgresql": "log_entry e, jsonb_array_elements_text(e.subject_ids::jsonb) s(value)",
}
_FACTOR = "(CAST({who} AS BIGINT) * :a{n} + CAST({entry} AS BIGINT) * :b{n}) % :m{n}"
_SUMMED = """
    SELECT count(*), coalesce(sum({product}), 0) FROM {rows}
    AND {entry} > :after AND {entry} <= :upto
"""
_NUMBERS = {
    "sqlite": "typeof(contact_id) = 'integer' AND typeof(entry_id) = 'integer' AND",
    "postgresql": "",
}
"""SQLite would also keep a fraction or bytes there, which no question for a person finds."""
_STRANGE = """
    SELECT min(CAST(entry_id AS BIGINT)), count(*) FROM log_subject WHERE NOT ({numbers}
        contact_id BETWEEN 1 AND :most AND entry_id BETWEEN 1 AND :most)
"""


def wrong(connection: Connection, after: int) -> Finding | None:
    """The first entry after number `after` that people are not led to as it says."""
    strange = _STRANGE.format(numbers=_NUMBERS[connection.dialect.name])
    first, number = connection.execute(text(strange), {"most": MOST}).one()
    if number:  # under the sums another number would look the same
        return Finding(Fault.WAYS, first)
    end = connection.scalar(text("SELECT max(entry_id) FROM log_subject"))
    last = connection.scalar(text("SELECT max(id) FROM log_entry"))
    low, high = after, max(end or 0, last or 0, after)
    drawn = {f"{name}{n}": _drawn() for name in "abm" for n in range(FACTORS)}
    if _agree(connection, drawn, low, high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if _agree(connection, drawn, low, middle):
            low = middle
        else:
            high = middle
    return Finding(Fault.WAYS, high)


def _agree(connection: Connection, drawn: Mapping[str, int], after: int, upto: int) -> bool:
    """Whether people are led to the entries in between as these say."""
    listed = (
        _LISTED[connection.dialect.name] + " WHERE e.subject_type = :about AND e.salt IS NOT NULL"
    )
    kept = _summed("contact_id", "entry_id", "log_subject WHERE true")
    said = _summed("s.value", "e.id", listed)
    between = {**drawn, "after": after, "upto": upto}
    there = connection.execute(text(kept), between).one()
    told = connection.execute(text(said), {**between, "about": "contact"}).one()
    return [int(number) for number in there] == [int(number) for number in told]


def _summed(who: str, entry: str, rows: str) -> str:
    """How many rows there are, and the sum of what each becomes."""
    factors = [_FACTOR.format(who=who, entry=entry, n=n) for n in range(FACTORS)]
    product = factors[0]
    for n, factor in enumerate(factors[1:]):
        product = f"({product}) * ({factor}) % :m{n}"
    return _SUMMED.format(product=product, entry=entry, rows=rows)


def _drawn() -> int:
    return 2**29 + secrets.randbelow(2**29)
