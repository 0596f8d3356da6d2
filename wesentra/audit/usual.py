"""What is usual for a user: the median of their other days. Pure.

One definition for the dashboard and for the review of the log: a day is never compared with itself.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import median

COMPARED = 90
"""Days that a day is compared with, at the least."""
ENOUGH = 5
"""Days with any looks that it takes to say what is usual."""


def usual(numbers: Iterable[int]) -> int | None:
    """The median of the numbers of days; None when they are too few to say."""
    held = list(numbers)
    return round(median(held)) if len(held) >= ENOUGH else None


def usual_but(on: date, days: Mapping[date, int]) -> int | None:
    """What is usual on all days but this one."""
    held = sorted(days.values())
    return usual_without(held, days[on]) if on in days else usual(held)


def usual_without(held: Sequence[int], one: int) -> int | None:
    """What is usual for all numbers of `held`, which are sorted, but `one` of them."""
    place, rest = bisect_left(held, one), len(held) - 1
    if rest < ENOUGH:
        return None
    low, high = ((rest - 1) // 2, rest // 2)
    return round((held[low + (low >= place)] + held[high + (high >= place)]) / 2)
