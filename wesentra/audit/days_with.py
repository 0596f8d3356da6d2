"""The days on which there is something to find, by the daily figures: nothing else is read.

A code that is rare would otherwise be looked for through the whole log. The figures only say where
to look. What they count may be gone already, and then a day is looked through and has nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import func, select

from wesentra.audit.day import finnish
from wesentra.audit.entry import LogEntry
from wesentra.audit.wanted import Wanted, figures_for, from_days, in_days
from wesentra.models.base import db

DAYS = 60
"""Days that are asked of the figures together."""


def days_with(wanted: Wanted, until: date | None = None) -> Iterator[Wanted]:
    """The question, asked of some days at a time: the latest first, none after `until`.

    Days that follow each other are asked about together; all days are where the figures know
    nothing (`from_days`) or where no code is asked for.
    """
    if not from_days(wanted) or wanted.given().keys() <= {"first", "last", "user"}:
        yield wanted
        return
    begun = db.session.scalar(select(func.min(LogEntry.at)))
    if begun is None:
        return
    first = max(filter(None, (wanted.first, finnish(begun))))
    last = min(filter(None, (wanted.last, until)), default=None)
    while days := _days(replace(wanted, first=first, last=last)):
        for begin, end in _runs(days):
            yield replace(wanted, first=begin, last=end)
        if len(days) < DAYS:
            return
        last = days[-1] - timedelta(days=1)


def _days(wanted: Wanted) -> Sequence[date]:
    """The latest days with any such entry, the latest first."""
    day = figures_for(wanted).day
    query = in_days(select(day), wanted, figures_for(wanted))
    return db.session.scalars(query.group_by(day).order_by(day.desc()).limit(DAYS)).all()


def _runs(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """The first and the last of days that follow each other. Pure."""
    end = days[0]
    for day, before in zip(days, [*days[1:], None], strict=True):
        if before is None or day - before > timedelta(days=1):
            yield day, end
            end = before or end
