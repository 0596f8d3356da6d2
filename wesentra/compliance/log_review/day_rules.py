"""The rules that look at a day, at the checks of a month, or at the log itself. All are pure."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from wesentra.compliance.log_review.records import Day, Facts
from wesentra.limits import ReviewLimits

DayRule = Callable[[Day, int | None, ReviewLimits], Facts | None]
"""Told a day, and how many people the user usually opens on one (None: nobody knows)."""


def many_people(day: Day, usual: int | None, limits: ReviewLimits) -> Facts | None:
    """R5: many more people on one day than usual."""
    people = len({one for page in day.opened for one in page})
    most = max(limits.review_day_people, limits.review_day_times * (usual or 0))
    return {"people": people, "most": most} if people > most else None


def by_number(day: Day, _usual: int | None, limits: ReviewLimits) -> Facts | None:
    """R7: page after page by people's numbers, up or down, as if a list were gone through."""
    people, way = 0, 0
    run: list[tuple[int, ...]] = []
    for before, page in pairwise(page for page, _ in groupby(day.opened)):
        step = _step(before, page)
        run = [*run, page] if step and step == way else [before, page] if step else []
        way = step
        if len(run) >= limits.review_sequence:
            people = max(people, sum(map(len, run)))
    return {"people": people} if people else None


def _step(before: Sequence[int], page: Sequence[int]) -> int:
    """1 when a page begins right after the numbers of the one before, -1 when it ends before."""
    return int(page[0] == before[-1] + 1) - int(page[-1] == before[0] - 1)


def only_searches(day: Day, _usual: int | None, limits: ReviewLimits) -> Facts | None:
    """R12: many searches, and nobody opened."""
    many = day.searches >= limits.review_searches
    return {"searches": day.searches} if many and not day.opened else None


def confirmed_in_bulk(
    checks: Sequence[tuple[datetime, int]], limits: ReviewLimits
) -> list[tuple[datetime, Facts]]:
    """R15: data of so many people confirmed within minutes that nobody was asked.

    `checks` are moments with the number of a person, in order: several fields of one person are
    one confirmation. Each stretch is told once, by its beginning.
    """
    within = timedelta(minutes=limits.review_confirmed_minutes)
    found: list[tuple[datetime, Facts]] = []
    start = 0
    while start < len(checks):
        begin, end = checks[start][0], start
        while end < len(checks) and checks[end][0] - begin <= within:
            end += 1
        people = len({one for _, one in checks[start:end]})
        if people > limits.review_confirmed:
            minutes = limits.review_confirmed_minutes
            found.append((begin, {"people": people, "minutes": minutes}))
            start = end
        else:
            start += 1
    return found


def gap(before: int, number: int) -> int:
    """R14: how many entries lack between two that follow each other."""
    return number - before - 1
