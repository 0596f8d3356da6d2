"""The only source of time: everything that asks what time it is asks here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")

_turned: ContextVar[datetime | None] = ContextVar("turned_clock", default=None)


def now() -> datetime:
    """This moment, in UTC and aware of it."""
    return _turned.get() or datetime.now(UTC)


def today() -> date:
    """The date in Finland, where the company's days begin and end."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day in Finland of a moment."""
    return moment.astimezone(HELSINKI).date()


@contextmanager
def turned_to(moment: datetime) -> Iterator[None]:
    """Let it be `moment` (aware) inside the block; only this context sees it."""
    token = _turned.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _turned.reset(token)
