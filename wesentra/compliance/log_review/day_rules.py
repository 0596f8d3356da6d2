"""The rules that look at a day, at the checks of a month, or at the log itself. All are pure."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from statistics import median

from wesentra.compliance.log_review.records import Day, Facts
from wesentra.limits import ReviewLimits

DayRule = Callable[[Day, float, ReviewLimits], Facts | None]


def usual_people(days: Sequence[Day]) -> float:
    """The median of how many people a user opened on the days on which they opened any."""
    counts = [len(set(day.opened)) for day in days if day.opened]
    return float(median(counts)) if counts else 0.0


def many_people(day: Day, usual: float, limits: ReviewLimits) -> Facts | None:
    """R5: many more people on one day than usual."""
    people = len(set(day.opened))
    most = max(limits.review_day_people, limits.review_day_times * usual)
    return {"people": people, "most": int(most)} if people > most else None


def by_number(day: Day, _usual: float, limits: ReviewLimits) -> Facts | None:
    """R7: people one after the other by their numbers, as if a list were gone through."""
    longest = run = 1
    for before, number in zip(day.opened, day.opened[1:], strict=False):
        if number == before:
            continue
        run = run + 1 if number == before + 1 else 1
        longest = max(longest, run)
    return {"people": longest} if longest >= limits.review_sequence else None


def only_searches(day: Day, _usual: float, limits: ReviewLimits) -> Facts | None:
    """R12: many searches, and nobody opened."""
    many = day.searches >= limits.review_searches
    return {"searches": day.searches} if many and not day.opened else None


def confirmed_in_bulk(
    times: Sequence[datetime], limits: ReviewLimits
) -> list[tuple[datetime, Facts]]:
    """R15: so many fields confirmed within minutes that nobody was asked; `times` are in order.

    Each stretch is told once, by its beginning.
    """
    within = timedelta(minutes=limits.review_confirmed_minutes)
    found: list[tuple[datetime, Facts]] = []
    start = 0
    while start < len(times):
        end = start
        while end < len(times) and times[end] - times[start] <= within:
            end += 1
        if end - start > limits.review_confirmed:
            minutes = limits.review_confirmed_minutes
            found.append((times[start], {"checks": end - start, "minutes": minutes}))
            start = end
        else:
            start += 1
    return found


def gap(before: int, number: int) -> int:
    """R14: how many entries lack between two that follow each other."""
    return number - before - 1
