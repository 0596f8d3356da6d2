"""Periods in months, and the working day on which one ends. Pure.

Regulation (EEC, Euratom) No 1182/71, Art. 3(2)(c) and (4); in Finland laki säädettyjen määräaikain
laskemisesta 150/1930, 3 and 5 §. Periods in hours are counted as hours and never moved.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import TypeVar

Day = TypeVar("Day", bound=date)

_FIXED = ((1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26))


def months_after(day: Day, months: int) -> Day:
    """The same day of a later month (an earlier one, where `months` is negative), or its last
    where that month is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def working_day_from(day: date) -> date:
    """The day itself, or the next one that is no Saturday, Sunday or holiday in Finland."""
    while day.weekday() >= 5 or day in _holidays(day.year):
        day += timedelta(days=1)
    return day


def _holidays(year: int) -> set[date]:
    """Holidays and the two eves on which a period does not end (150/1930, 5 §).

    Those that always fall on a Saturday or a Sunday are left out.
    """
    easter = _easter(year)
    moving = {easter + timedelta(days=days) for days in (-2, 1, 39)}
    first = date(year, 6, 19)
    midsummer_eve = first + timedelta(days=(4 - first.weekday()) % 7)
    return moving | {midsummer_eve} | {date(year, *each) for each in _FIXED}


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the rule of Gauss in the form of Lichtenberg."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun = 2 - (3 * century + 3) // 4
    cycle = year % 19
    seed = (19 * cycle + moon) % 30
    limit = 21 + seed - (seed + cycle // 11) // 29
    sunday = 7 - (year + year // 4 + sun) % 7
    return date(year, 3, 1) + timedelta(days=limit + 7 - (limit - sunday) % 7 - 1)
