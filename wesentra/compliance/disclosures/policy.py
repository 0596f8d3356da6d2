"""Of what a recipient is to be told (Art. 19 GDPR): decided purely, from what happened since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from wesentra import clock
from wesentra.models.disclosure import Cause


class Given(Protocol):
    """What of a disclosure decides: the row itself, or these columns of it."""

    disclosed_on: date
    categories: list[str]
    created_at: datetime
    told_of: str
    told_at: datetime | None


@dataclass(frozen=True)
class Happened:
    """What became of a person's data: whether they go, since when they are only stored, and when
    something of which category was changed."""

    going: bool = False
    restricted_since: datetime | None = None
    changes: Sequence[tuple[datetime, str]] = ()


def causes(one: Given, happened: Happened) -> tuple[Cause, ...]:
    """Of what the recipient of one disclosure is to be told now, the weightiest first.

    Who was told of the erasure has nothing left to correct. What was changed counts when the
    recipient got that category, before the change and without having been told since.
    """
    if one.told_of == Cause.ERASURE:
        return ()
    found = {
        Cause.ERASURE: happened.going,
        Cause.RESTRICTION: _since(one, happened.restricted_since),
        Cause.CORRECTION: any(_changed(one, *each) for each in happened.changes),
    }
    return tuple(cause for cause, due in found.items() if due)


def _since(one: Given, moment: datetime | None) -> bool:
    return moment is not None and (one.told_at is None or one.told_at < moment)


def _changed(one: Given, at: datetime, category: str) -> bool:
    """A disclosure has a day and no hour: of that day, what was changed after it was noted."""
    later = clock.day_of(at) > one.disclosed_on or at > one.created_at
    return later and category in one.categories and _since(one, at)
