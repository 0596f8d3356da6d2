"""What one user did, by day; what was done with one contact's data, by kind. Pure.

A list of fifty people is one entry, told apart from openings: otherwise lists would drown what
somebody really looked at.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from wesentra import clock
from wesentra.audit.ledger import GROUPS, Handling, HandlingSum, Hour
from wesentra.limits import ReviewLimits
from wesentra.worktime import is_unusual

T = TypeVar("T", Hour, HandlingSum)
KINDS: Mapping[str, tuple[str, ...]] = {
    "opened": ("view",),
    "listed": GROUPS["lists"],
    "changed": GROUPS["changes"],
    "exported": ("export",),
    "log": ("log_read", "log_export"),
}
"""The kinds that pages count; what is none of them (signing in, denials) is `other`."""


def kind_of(operation: str) -> str:
    """The kind that an operation counts as."""
    return next((kind for kind, own in KINDS.items() if operation in own), "other")


@dataclass
class Day:
    """What a user did on one day in Finland; `unusual` counts what was done at unusual hours."""

    day: date
    counts: dict[str, int] = field(default_factory=dict)
    unusual: int = 0


def days(hours: Iterable[Hour], limits: ReviewLimits) -> list[Day]:
    """The days on which something was done, the latest first."""
    found: dict[date, Day] = {}
    for hour in hours:
        day = clock.day_of(hour.begin)
        one = found.setdefault(day, Day(day))
        kind = kind_of(hour.operation)
        one.counts[kind] = one.counts.get(kind, 0) + hour.count
        one.unusual += hour.count if is_unusual(hour.begin, limits) else 0
    return [found[day] for day in sorted(found, reverse=True)]


@dataclass(frozen=True)
class Doing:
    """What a user did in some time, summed up."""

    days: list[Day]
    kinds: dict[str, int]
    purposes: dict[str, int]
    denied: int
    unusual: int


def doing(hours: list[Hour], limits: ReviewLimits) -> Doing:
    """The figures of a user's page; `limits` say which hours are usual."""
    by_day = days(hours, limits)
    return Doing(
        days=by_day,
        kinds=_summed(hours, lambda hour: kind_of(hour.operation)),
        purposes=_summed(hours, lambda hour: hour.purpose),
        denied=sum(hour.count for hour in hours if not hour.done),
        unusual=sum(day.unusual for day in by_day),
    )


@dataclass(frozen=True)
class History:
    """What was done with one contact's data since the log began."""

    first: datetime | None
    last: datetime | None
    kinds: dict[str, int]
    purposes: dict[str, int]
    roles: dict[str, int]


def history(sums: list[HandlingSum]) -> History:
    """The figures of a person's page. Reading the log about them is counted, but is no handling."""
    return History(
        first=min((one.first for one in sums), default=None),
        last=max((one.last for one in sums), default=None),
        kinds=_summed(sums, lambda one: kind_of(one.operation)),
        purposes=_summed(sums, lambda one: one.purpose),
        roles=_summed(sums, lambda one: one.role),
    )


@dataclass
class Told:
    """One line of what a person is told: a day, what was done, why, in which role, how often."""

    day: date
    operation: str
    purpose: str
    role: str
    count: int = 0


def told(handlings: Iterable[Handling]) -> list[Told]:
    """The lines of the printed answer, the latest day first; equal ones of a day are one line."""
    found: dict[tuple[date, str, str, str], Told] = {}
    for one in handlings:
        day = clock.day_of(one.at)
        key = (day, one.operation, one.purpose, one.role)
        found.setdefault(key, Told(*key)).count += 1
    return sorted(found.values(), key=lambda line: line.day, reverse=True)


def _summed(rows: list[T], key: Callable[[T], str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in rows:
        found[key(one)] = found.get(key(one), 0) + one.count
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
