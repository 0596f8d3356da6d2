"""Questions that the daily figures answer alone, however many entries there are or once were."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select

from wesentra.audit.day import LogDay
from wesentra.audit.entry import Operation
from wesentra.audit.wanted import (
    GROUPS,
    Wanted,
    figures_for,
    from_days,
    in_days,
)
from wesentra.models.base import db


class Daily(NamedTuple):
    """What all users together left on one Finnish day, of one kind and for one purpose.

    `shown` is the number of people that the entries name, one as often as they were shown;
    `requests` counts an export in several entries once.
    """

    day: date
    operation: str
    about: str
    purpose: str
    done: bool
    entries: int
    shown: int
    requests: int


class UserDay(NamedTuple):
    """How much one user looked at on one Finnish day.

    `opened` counts the times that somebody was opened, `people` the people on those pages, one as
    often as they were shown; `listed` the people in lists and search results.
    """

    user: int
    day: date
    opened: int
    people: int
    listed: int


def daily(wanted: Wanted) -> list[Daily]:
    """The figures of each day. Raises ValueError for what they do not know (`from_days`)."""
    own = figures_for(_known(wanted))
    key = (own.day, own.operation, own.about, own.purpose, own.done)
    summed = (func.sum(own.entries), func.sum(own.shown), func.sum(own.requests))
    query = in_days(select(*key, *summed), wanted, own).group_by(*key)
    return [Daily(*row) for row in db.session.execute(query)]


def by_user_and_day(wanted: Wanted) -> list[UserDay]:
    """How much each user looked at on each day with any look; nobody signed in is left out.

    Raises ValueError for what the daily figures do not know (`from_days`).
    """
    opened, listed = LogDay.operation == Operation.VIEW, LogDay.operation.in_(GROUPS["lists"])
    key = (LogDay.actor_id, LogDay.day)
    sums = (
        _sum_of(LogDay.entries, opened),
        _sum_of(LogDay.shown, opened),
        _sum_of(LogDay.shown, listed),
    )
    query = in_days(select(*key, *sums), _known(wanted)).where(LogDay.actor_id > 0, opened | listed)
    return [UserDay(*row) for row in db.session.execute(query.group_by(*key))]


def _sum_of(figure: Any, which: ColumnElement[bool]) -> Any:
    return func.sum(case((which, figure), else_=0))


def _known(wanted: Wanted) -> Wanted:
    if not from_days(wanted):
        raise ValueError("the daily figures know nothing of single contacts and requests")
    return wanted
