"""The stored dates: what the lists show and the nightly run compares."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, insert, select

from wesentra import clock
from wesentra.compliance.retention import facts, holds, rules
from wesentra.compliance.retention.policy import Due, asked_first, due
from wesentra.models import RetentionDue, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import Base

PORTION = 500
"""So many at a time, since a statement can name no more."""
_TABLE = Base.metadata.tables[RetentionDue.__tablename__]


def keep(kind: str, ids: Collection[int]) -> int:
    """Write the dates of these contacts or companies anew; how many were not right before.

    Who has no date by any rule has no row, and the dashboard counts them.
    """
    changed = 0
    for portion in _portions(sorted(ids)):
        changed += _keep(kind, portion)
    return changed


def _portions(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))


def _keep(kind: str, ids: list[int]) -> int:
    """A date that stays leaves what the owner said of it; another one asks anew, and answers what
    was asked of the one before if it has not come yet."""
    found = dues(kind, ids)
    changed = wrong(kind, found)
    whose = _TABLE.c[f"{kind}_id"]
    rows = [{whose.name: id_, **_row(one)} for id_ in changed if (one := found.get(id_))]
    about = seen_by_program("retention")  # foreign keys look at whom a row belongs to
    if changed:
        db.session.execute(delete(_TABLE).where(whose.in_(changed)), execution_options=about)
    if rows:
        db.session.execute(insert(_TABLE), rows, execution_options=about)
    today = clock.today()
    moved = [id_ for id_ in changed if (one := found.get(id_)) is not None and one.on > today]
    if moved:
        holds.answer(kind, moved)
    return len(changed)


def dues(kind: str, ids: Collection[int]) -> dict[int, Due | None]:
    """When each of these contacts or companies goes, counted from the facts.

    A day that comes nearer all at once leaves the owner the time to answer (`asked_first`). A sole
    trader's company goes with its person, and so on that person's day.
    """
    in_force, year_ends, today = rules.in_force(), rules.year_ends(), clock.today()
    counted = {id_: due(own, in_force, year_ends) for id_, own in facts.of(kind, ids).items()}
    known = _known(kind, counted)
    found = {
        id_: one and replace(one, on=asked_first(one.on, known.get(id_, {}).get("due_on"), today))
        for id_, one in counted.items()
    }
    if kind == "company" and (persons := facts.persons(found)):
        people = dues("contact", persons.values())
        found |= {company: people[person] for company, person in persons.items()}
    return found


def wrong(kind: str, found: Mapping[int, Due | None]) -> list[int]:
    """Those whose stored date is another one than was `found`."""
    there = _known(kind, found)
    return [id_ for id_, one in found.items() if there.get(id_) != (_row(one) if one else None)]


def _known(kind: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What is stored of them."""
    whose = _TABLE.c[f"{kind}_id"]
    columns = (whose, *(_TABLE.c[name] for name in _ROW))
    rows = db.session.execute(select(*columns).where(whose.in_(list(ids))))
    return {row[0]: dict(zip(_ROW, row[1:], strict=True)) for row in rows}


_ROW = ("due_on", "counted_from", "rule_id")


def _row(one: Due) -> dict[str, Any]:
    return {"due_on": one.on, "counted_from": one.counted_from, "rule_id": one.rule.id}
