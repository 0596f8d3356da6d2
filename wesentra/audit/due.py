"""Which entries of the log are due to go: decided here, done by `audit.pruning`. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from wesentra.audit.day import finnish


@dataclass(frozen=True)
class Segment:
    """The entries from one checkpoint, left out, to the next at `last`: the time they cover.

    That the next one was signed late belongs to it.
    """

    last: int
    earliest: datetime
    latest: datetime


class Held(Protocol):
    """A hold as far as it decides: the days it covers in Finland; `last` None: no end yet."""

    id: int
    first: date
    last: date | None


@dataclass(frozen=True)
class Due:
    """The last entry that is due (0: none), and the hold that keeps what follows, if one does."""

    last: int
    hold: int | None = None


def due(segments: Iterable[Segment], limit: datetime, holds: Sequence[Held]) -> Due:
    """How far the log may go: whole segments from its front, all older than `limit`, none held.

    The first segment that has to stay keeps everything after it, however old that is.
    """
    last = 0
    for segment in segments:
        if segment.latest >= limit:
            break
        holding = next((one for one in holds if _covers(one, segment)), None)
        if holding is not None:
            return Due(last, holding.id)
        last = segment.last
    return Due(last)


def _covers(hold: Held, segment: Segment) -> bool:
    ends = hold.last or date.max
    return hold.first <= finnish(segment.latest) and finnish(segment.earliest) <= ends
