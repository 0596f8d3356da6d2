"""Questions that the daily figures answer alone, however many entries there are or once were."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from wesentra.audit.day import LogDay
from wesentra.audit.wanted import Wanted, figures_for, from_days, in_days
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
    """What one user left on one Finnish day: entries, and people shown by them."""

    user: int
    day: date
    operation: str
    entries: int
    shown: int


def daily(wanted: Wanted) -> list[Daily]:
    """The figures of each day. Raises ValueError for what they do not know (`from_days`)."""
    own = figures_for(_known(wanted))
    key = (own.day, own.operation, own.about, own.purpose, own.done)
    summed = (func.sum(own.entries), func.sum(own.shown), func.sum(own.requests))
    query = in_days(select(*key, *summed), wanted, own).group_by(*key)
    return [Daily(*row) for row in db.session.execute(query)]


def by_user_and_day(wanted: Wanted, operations: Sequence[str]) -> list[UserDay]:
    """What each user did on each day, of these operations; nobody signed in is left out.

    Raises ValueError for what the daily figures do not know (`from_days`).
    """
    key = (LogDay.actor_id, LogDay.day, LogDay.operation)
    query = in_days(select(*key, func.sum(LogDay.entries), func.sum(LogDay.shown)), _known(wanted))
    query = query.where(LogDay.actor_id > 0, LogDay.operation.in_(operations))
    return [UserDay(*row) for row in db.session.execute(query.group_by(*key))]


def _known(wanted: Wanted) -> Wanted:
    if not from_days(wanted):
        raise ValueError("the daily figures know nothing of single contacts and requests")
    return wanted
