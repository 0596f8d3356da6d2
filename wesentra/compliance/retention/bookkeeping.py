"""How long bookkeeping keeps (kirjanpitolaki 1336/1997, 2:10 §). Pure."""

from calendar import monthrange
from datetime import date

from wesentra.deadlines import months_after

VOUCHER_YEARS = 6
BOOK_YEARS = 10


def year_end_of(day: date, year_ends: tuple[int, int]) -> date:
    """The end of the financial year that a day belongs to."""
    month, last = year_ends
    own = date(day.year, month, min(last, monthrange(day.year, month)[1]))
    if day <= own:
        return own
    return date(day.year + 1, month, min(last, monthrange(day.year + 1, month)[1]))


def vouchers_until(year_end: date, months: int = 12 * VOUCHER_YEARS) -> date:
    """The last day on which vouchers and correspondence are kept: 6 years from the end of the
    calendar year in which the financial year ended."""
    return months_after(date(year_end.year, 12, 31), months)


def books_until(year_end: date) -> date:
    """The last day on which financial statements and books are kept: 10 years from the end of the
    financial year. Wesentra holds none; the rule is shown beside the other."""
    return months_after(year_end, 12 * BOOK_YEARS)
