"""Questions that the daily figures answer alone, however many entries there are or once were."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from wesentra.audit.day import LogDay
from wesentra.audit.entry import Operation
from wesentra.audit.wanted import GROUPS, Wanted, figures_for, from_days, in_days
from wesentra.models.base import db


class _month_of(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """The month of a day."""

    type = String()
    inherit_cache = True


@compiles(_month_of)
def _month(element: Any, compiler: Any, **more: Any) -> str:
    month = {"sqlite": "substr({0}, 1, 7)", "postgresql": "date_trunc('month', {0})"}
    return month[compiler.dialect.name].format(compiler.process(element.clauses, **more))


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


def daily(wanted: Wanted, *, by_month: bool = False) -> list[Daily]:
    """The figures of each day; `by_month` those of each calendar month, under a day of it.

    Raises ValueError for what they do not know (`from_days`).
    """
    own = figures_for(_known(wanted))
    key = (own.operation, own.about, own.purpose, own.done)
    summed = (func.sum(own.entries), func.sum(own.shown), func.sum(own.requests))
    query = in_days(select(func.min(own.day), *key, *summed), wanted, own)
    query = query.group_by(_month_of(own.day) if by_month else own.day, *key)
    return list(map(Daily._make, db.session.connection().execute(query).all()))


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
    return list(map(UserDay._make, db.session.connection().execute(query.group_by(*key)).all()))


def _sum_of(figure: Any, which: ColumnElement[bool]) -> Any:
    return func.sum(case((which, figure), else_=0))


def _known(wanted: Wanted) -> Wanted:
    if not from_days(wanted):
        raise ValueError("the daily figures know nothing of single contacts and requests")
    return wanted
