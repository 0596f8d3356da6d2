"""How times, dates and numbers are written in the language of the page."""

from datetime import date, datetime

from flask_babel import format_date, format_datetime, format_decimal

from wesentra import clock
from wesentra.web.language import of_page
from wesentra.web.language import say as _

DAYS = {"fi": "d.M.y", "sv": "d.M.y", "en": "d MMM y"}
MOMENTS = {"fi": "d.M.y 'klo' H.mm", "sv": "d.M.y 'kl.' H.mm", "en": "d MMM y, HH:mm"}
INSTANTS = {"fi": "d.M.y 'klo' H.mm.ss", "sv": "d.M.y 'kl.' H.mm.ss", "en": "d MMM y, HH:mm:ss"}
DAYS_OF_A_YEAR = {"fi": "d.M.", "sv": "d.M.", "en": "d MMM"}
"""As each language is written in Finland; those of Babel are Sweden's and the USA's."""


def moment(value: datetime | None) -> str:
    """A time to the minute, `22.11.2026 klo 14.05`; a dash for none."""
    return str(format_datetime(value, MOMENTS[of_page()])) if value else "–"


def instant(value: datetime) -> str:
    """A time to the second, `22.11.2026 klo 14.05.09`, where the order of deeds matters."""
    return str(format_datetime(value, INSTANTS[of_page()]))


def day(value: date | datetime | None) -> str:
    """A date, `22.11.2026`; a dash for none."""
    return str(format_date(value, DAYS[of_page()])) if value else "–"


def short_day(value: date) -> str:
    """A date whose year is plain from what stands around it, `22.11.`."""
    return str(format_date(value, DAYS_OF_A_YEAR[of_page()]))


def month(value: date) -> str:
    """The month of a date, `marraskuu 2026`."""
    return str(format_date(value, "LLLL y"))


def size(value: int) -> str:
    """So many bytes in MB, from 10 GB on in GB."""
    unit, name = (10**9, "GB") if value >= 10**10 else (10**6, "MB")
    return f"{format_decimal(round(value / unit, 1))}\u00a0{name}"


def ago(value: datetime | None) -> str:
    """How long ago in whole days, for data that were checked some time."""
    if value is None:
        return _("never")
    days = (clock.today() - clock.day_of(value)).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 60:
        return _("%(days)s days ago", days=days)
    return _("%(months)s months ago", months=days // 30)


def number(value: int | float) -> str:
    """A number with the language's separators; small whole ones have none in any."""
    if isinstance(value, int) and 0 <= value < 1000:
        return str(value)
    return str(format_decimal(value))
