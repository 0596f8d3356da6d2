"""Interactions whose time is over lose their people: a number of each month is all that stays.

The last two-way contact of somebody stays without its text, since their own date counts from it.
Nothing of somebody held goes.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, update
from sqlalchemy.orm import aliased

from wesentra import clock
from wesentra.compliance.retention import rules
from wesentra.compliance.retention.facts import TWO_WAY, two_way
from wesentra.deadlines import months_after
from wesentra.models import (
    Interaction,
    InteractionMonth,
    Restriction,
    RetentionHold,
    Task,
    db,
)
from wesentra.models.attribution import bulk_write, seen_by_program
from wesentra.models.base import Base

TOGETHER = 200
_INTERACTIONS = Base.metadata.tables[Interaction.__tablename__]
_TASKS = Base.metadata.tables[Task.__tablename__]


def portions(day: date) -> Iterator[Callable[[], int]]:
    """What is over on a day, as steps of a transaction each; a step tells how many went.

    They are looked for once and outside of these transactions, for that takes long in a large
    register; each step asks its own once more. Nothing is committed.
    """
    limit = _limit(day)
    for ids_over, take in (
        (_interactions_over(limit), _interactions),
        (_texts_over(limit), _texts),
        (_tasks_over(limit), _tasks),
    ):
        for ids in _found(ids_over):
            yield partial(take, limit, ids)


def _found(over: Select[int]) -> Iterator[list[int]]:
    """The numbers of rows, in portions in their order."""
    (number,) = over.selected_columns
    last = 0
    while True:
        rows = _seen(over.where(number > last).order_by(number).limit(TOGETHER))
        db.session.rollback()
        if not rows:
            return
        yield [row[0] for row in rows]
        last = rows[-1][0]


def _limit(day: date) -> datetime:
    """The moment before which interactions are over."""
    rule = next(one for one in rules.in_force() if one.kind == "interaction")
    first = months_after(day, -rule.months)
    return datetime.combine(first, time(), clock.HELSINKI)


def _free(column: Any) -> list[ColumnElement[bool]]:
    """Of nobody who is held or restricted."""
    held = RetentionHold.contact_id == column, RetentionHold.lifted_at.is_(None)
    closed = Restriction.contact_id == column, Restriction.lifted_at.is_(None)
    return [
        ~select(RetentionHold.id).where(*held).exists(),
        ~select(Restriction.id).where(*closed).exists(),
    ]


def _over(limit: datetime) -> list[ColumnElement[bool]]:
    return [Interaction.at < limit, *_free(Interaction.contact_id)]


def _newer() -> ColumnElement[bool]:
    """There is a later two-way contact with the same person."""
    other = aliased(Interaction)
    later = or_(
        other.at > Interaction.at, and_(other.at == Interaction.at, other.id > Interaction.id)
    )
    own = other.contact_id == Interaction.contact_id
    return select(other.id).where(own, later, two_way(other)).exists()


def _interactions_over(limit: datetime) -> Select[int]:
    last = and_(TWO_WAY, ~_newer())
    return select(Interaction.id).where(*_over(limit), ~last)


def _interactions(limit: datetime, ids: list[int]) -> int:
    still = _interactions_over(limit).where(Interaction.id.in_(ids))
    columns = (Interaction.id, Interaction.contact_id, Interaction.at, Interaction.channel,
               Interaction.direction, Interaction.purpose)  # fmt: skip
    rows = _seen(still.with_only_columns(*columns))
    for key, number in Counter(_key(row) for row in rows).items():
        _add(key, number)
    _delete(_INTERACTIONS, rows, "interaction.deleted")
    return len(rows)


def _delete(table: Any, rows: Sequence[Any], told: str) -> None:
    if rows:
        about = bulk_write("update", "contact", _people(rows), [told])
        own = table.c.id.in_([row.id for row in rows])
        db.session.execute(delete(table).where(own), execution_options=about)


def _key(row: Any) -> tuple[date, str, str, str]:
    return clock.day_of(row.at).replace(day=1), row.channel, row.direction, row.purpose


def _add(key: tuple[date, str, str, str], number: int) -> None:
    known = db.session.get(InteractionMonth, key)
    if known is None:
        month, channel, direction, purpose = key
        known = InteractionMonth(month=month, channel=channel, direction=direction)
        known.purpose, known.number = purpose, 0
        db.session.add(known)
    known.number += number


def _texts_over(limit: datetime) -> Select[int]:
    return select(Interaction.id).where(*_over(limit), Interaction.summary != "")


def _texts(limit: datetime, ids: list[int]) -> int:
    """The text of the last two-way contact goes, too."""
    still = _texts_over(limit).where(Interaction.id.in_(ids))
    rows = _seen(still.with_only_columns(Interaction.id, Interaction.contact_id))
    if rows:
        about = bulk_write("update", "contact", _people(rows), ["interaction.summary"])
        own = _INTERACTIONS.c.id.in_([row.id for row in rows])
        emptied = update(_INTERACTIONS).where(own).values(summary="")
        db.session.execute(emptied, execution_options=about)
    return len(rows)


def _tasks_over(limit: datetime) -> Select[int]:
    return select(Task.id).where(Task.done_at < limit, *_free(Task.contact_id))


def _tasks(limit: datetime, ids: list[int]) -> int:
    """Next steps that were done before go as well."""
    still = _tasks_over(limit).where(Task.id.in_(ids))
    rows = _seen(still.with_only_columns(Task.id, Task.contact_id))
    _delete(_TASKS, rows, "task.deleted")
    return len(rows)


def _people(rows: Sequence[Any]) -> list[int]:
    return sorted({row.contact_id for row in rows})


def _seen(query: Any) -> Sequence[Any]:
    return db.session.execute(query, execution_options=seen_by_program("retention")).all()
