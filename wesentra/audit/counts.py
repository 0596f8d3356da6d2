"""Counts of entries, for the figures of a period.

Where they can, they read the daily figures: some thousand rows a year, whatever the log holds,
and also of entries that are gone. What is asked of one contact or request is counted among the
entries themselves.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from wesentra.audit.day import LogDay, LogTotal, finnish
from wesentra.audit.entry import LogEntry, Operation
from wesentra.audit.hours import hour_of, moment_of
from wesentra.audit.wanted import GROUPS, Wanted, figures_for, from_days, in_days, matching
from wesentra.models.base import db


def count(wanted: Wanted) -> int:
    """How many entries."""
    if from_days(wanted):
        own = figures_for(wanted)
        return int(db.session.scalar(in_days(select(func.sum(own.entries)), wanted, own)) or 0)
    return int(db.session.scalar(matching(select(func.count()), wanted)) or 0)


def requests(wanted: Wanted) -> int:
    """How many requests, commands and jobs; an export in batches is one of them.

    One that went on over midnight counts for each of its days.
    """
    one = wanted.operation and wanted.operation not in GROUPS and not wanted.about
    if one and from_days(wanted):  # each is counted once an operation
        own = figures_for(wanted)
        return int(db.session.scalar(in_days(select(func.sum(own.requests)), wanted, own)) or 0)
    counted = matching(select(func.count(LogEntry.request_id.distinct())), wanted)
    return int(db.session.scalar(counted) or 0)


@dataclass(frozen=True)
class Tally:
    """How many entries one user (0: nobody signed in) left of one kind for one purpose."""

    user: int
    operation: str
    about: str
    purpose: str
    done: bool
    count: int


def tally(wanted: Wanted) -> list[Tally]:
    """All entries by user, operation, subject type, purpose and outcome, in one reading."""
    if from_days(wanted):
        key = (LogDay.actor_id, LogDay.operation, LogDay.about, LogDay.purpose, LogDay.done)
        summed = in_days(select(*key, func.sum(LogDay.entries)), wanted).group_by(*key)
        return [Tally(*row) for row in db.session.execute(summed)]
    return _tally_of_entries(wanted)


def _tally_of_entries(wanted: Wanted) -> list[Tally]:
    # The plain column would lead SQLite to the index of users, which reads the rows at random.
    user = func.coalesce(LogEntry.actor_id, 0)
    # What the program alone looks at has its reason in the place of the type.
    about = case((LogEntry.operation == Operation.PROGRAM, ""), else_=LogEntry.subject_type)
    columns = (
        user.label("user"),
        LogEntry.operation,
        about.label("about"),
        LogEntry.purpose,
        (LogEntry.outcome == "done").label("done"),
    )
    # By place and not by expression: PostgreSQL takes two parameters for two expressions.
    rows = db.session.execute(
        matching(select(*columns, func.count()), wanted).group_by(
            "user", LogEntry.operation, "about", LogEntry.purpose, "done"
        )
    )
    return [
        Tally(who, what, of, why, bool(was_done), number)
        for who, what, of, why, was_done, number in rows
    ]


def by_operation(tallies: Iterable[Tally]) -> dict[str, int]:
    """Entries by operation, most first."""
    return _summed((each.operation, each.count) for each in tallies)


def by_purpose(tallies: Iterable[Tally]) -> dict[str, int]:
    """Entries by purpose, most first."""
    return _summed((each.purpose, each.count) for each in tallies)


def by_user(tallies: Iterable[Tally]) -> dict[int, dict[str, int]]:
    """Entries by user and operation, the busiest user first."""
    found: dict[int, dict[str, int]] = {}
    for each in tallies:
        own = found.setdefault(each.user, {})
        own[each.operation] = own.get(each.operation, 0) + each.count
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def by_contact(wanted: Wanted) -> dict[int, int]:
    """Entries by the number of the contact they concern, most first.

    An entry of several contacts counts once for each. Equal lists are counted by the database.
    """
    rows = db.session.execute(
        matching(select(LogEntry.subject_ids, func.count()), wanted)
        .where(LogEntry.subject_type == "contact")
        .group_by(LogEntry.subject_ids)
    ).all()
    found: dict[int, int] = {}
    for ids, number in rows:
        for contact in json.loads(ids):
            found[contact] = found.get(contact, 0) + number
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def by_day(wanted: Wanted) -> dict[date, int]:
    """Entries by the day in Finland, in order; days without any are left out."""
    if from_days(wanted):
        return dict(_daily(wanted, "day"))
    hour = hour_of(LogEntry.at)
    found: dict[date, int] = {}
    for text, number in db.session.execute(
        matching(select(hour, func.count()), wanted).group_by(hour).order_by(hour)
    ):
        day = finnish(moment_of(text))
        found[day] = found.get(day, 0) + number
    return found


def by_day_and_purpose(wanted: Wanted) -> dict[date, dict[str, int]]:
    """Entries by the day in Finland, in order, and by purpose; from the daily figures alone.

    Raises ValueError for a question that they do not answer (`wanted.from_days`).
    """
    if not from_days(wanted):
        raise ValueError("the daily figures know nothing of single contacts and requests")
    found: dict[date, dict[str, int]] = {}
    for day, purpose, number in _daily(wanted, "day", "purpose"):
        found.setdefault(day, {})[purpose] = number
    return found


def measured_from() -> date | None:
    """The first day with figures: they are older than the entries where some of those are gone."""
    return db.session.scalar(select(func.min(LogTotal.day)))


def _daily(wanted: Wanted, *names: str) -> list[Any]:
    own = figures_for(wanted)
    columns = [getattr(own, name) for name in names]
    summed = in_days(select(*columns, func.sum(own.entries)), wanted, own)
    return [tuple(row) for row in db.session.execute(summed.group_by(*columns).order_by(*columns))]


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, number in pairs:
        found[key] = found.get(key, 0) + number
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
