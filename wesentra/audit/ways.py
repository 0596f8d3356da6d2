"""The ways from people to entries (`log_subject`) against what the entries themselves say.

Whoever takes a way out hides a look from the person's page, though the entry still stands. Both
sides are summed up by the database under numbers that are drawn anew each time, so that nobody can
choose rows that make up for each other; only where the sums differ, the entry is looked for.
"""

import secrets
from collections.abc import Mapping

from sqlalchemy import Connection, text

from wesentra.audit.verdict import Fault, Finding

PRIME = 2**31 - 1
"""Sums and products of remainders by it stay below 2**63, as both databases count."""
DRAWN = 2**30

_LISTED = {
    "sqlite": "log_entry e, json_each(e.subject_ids) s",
    "postgresql": "log_entry e, jsonb_array_elements_text(e.subject_ids::jsonb) s(value)",
}
_SUMMED = """
    SELECT count(*), coalesce(sum(v * v % :prime), 0) FROM (
        SELECT v * v % :prime AS v FROM (
            SELECT (CAST({who} AS BIGINT) * :a + CAST({entry} AS BIGINT) * :b + :c) % :prime AS v
            FROM {rows} AND {entry} > :after AND {entry} <= :upto) once) twice
"""


def wrong(connection: Connection, after: int) -> Finding | None:
    """The first entry after number `after` that people are not led to as it says."""
    end = connection.scalar(text("SELECT max(entry_id) FROM log_subject"))
    last = connection.scalar(text("SELECT max(id) FROM log_entry"))
    low, high = after, max(end or 0, last or 0, after)
    drawn = {name: 1 + secrets.randbelow(DRAWN) for name in "abc"}
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
    kept = _SUMMED.format(who="contact_id", entry="entry_id", rows="log_subject WHERE true")
    said = _SUMMED.format(who="s.value", entry="e.id", rows=listed)
    between = {**drawn, "prime": PRIME, "after": after, "upto": upto}
    there = connection.execute(text(kept), between).one()
    told = connection.execute(text(said), {**between, "about": "contact"}).one()
    return [int(number) for number in there] == [int(number) for number in told]
