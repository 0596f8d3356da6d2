"""The days and hours at which nobody is expected at work in Finland."""

from datetime import date, datetime, timedelta

from wesentra import clock
from wesentra.limits import ReviewLimits

FIXED = ((1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26))
"""Month and day. Christmas Eve and Midsummer Eve are days off by custom, the others by law."""
AFTER_EASTER = (-2, 0, 1, 39, 49)
"""Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday, in days from Easter."""
SATURDAY = 5


def is_unusual(at: datetime, limits: ReviewLimits) -> bool:
    """Whether a moment lies on a day off, or outside the usual hours by the clock in Finland."""
    local = at.astimezone(clock.HELSINKI)
    usual = limits.review_hour_from <= local.hour < limits.review_hour_to
    return not usual or is_day_off(local.date())


def easter(year: int) -> date:
    """Easter Sunday of a year (the Gregorian computus)."""
    golden, century = year % 19, year // 100
    leaps = century - century // 4 - (8 * century + 13) // 25
    moon = (19 * golden + leaps + 15) % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(days=moon - weekday)


def midsummer(year: int) -> date:
    """Midsummer Day: the Saturday from 20 to 26 June."""
    return _saturday_from(date(year, 6, 20))


def all_saints(year: int) -> date:
    """All Saints' Day: the Saturday from 31 October to 6 November."""
    return _saturday_from(date(year, 10, 31))


def is_day_off(day: date) -> bool:
    """Whether a day is a Saturday, a Sunday or a holiday."""
    if day.weekday() >= SATURDAY or (day.month, day.day) in FIXED:
        return True
    if (day - easter(day.year)).days in AFTER_EASTER:
        return True
    return day in (midsummer(day.year) - timedelta(days=1), all_saints(day.year))


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)
