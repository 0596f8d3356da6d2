"""What is usual for a user: the median of their other days. Pure.

One definition for the dashboard and for the review of the log: a day is never compared with itself.
"""

from collections.abc import Iterable, Mapping
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
    return usual(number for day, number in days.items() if day != on)
