"""Looks by purpose over time: what the stacked bars and the table beside them show. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log10
from urllib.parse import urlencode

from sqlalchemy import select

from wesentra.audit.ledger import UNSTATED, VAGUE, Daily
from wesentra.compliance.dashboard.figures import LOOKS, Period, entries, is_look
from wesentra.models import Purpose, db

COLOURS = 8
"""So many purposes can be told apart by colour; the order tells all of them."""
FEW = 13
"""So many rows of the table are in nobody's way."""


@dataclass(frozen=True)
class Series:
    """One purpose: its key, its colour (from 1), its looks in the period, their evidence.

    `looks` is the address of all its looks, whenever.
    """

    key: str
    colour: int
    number: int
    share: float
    url: str
    looks: str


@dataclass(frozen=True)
class Part:
    """One purpose's part of a bar, in hundredths of the scale from its top."""

    colour: int
    top: float
    height: float


@dataclass(frozen=True)
class Bucket:
    """One bar, a day or a month, both days included, and its row of the table.

    `numbers` are in the order of the series. `measured` is false when the log began later;
    `measured_from` is set when it began within.
    """

    first: date
    last: date
    measured: bool
    measured_from: date | None
    numbers: tuple[int, ...]
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """All looks of the bar."""
        return sum(self.numbers)

    @property
    def between(self) -> str:
        """What narrows the address of a series to the looks of this bar."""
        return urlencode({"from": self.first, "to": self.last})


@dataclass(frozen=True)
class OverTime:
    """The whole picture; `top` is the number at the end of the scale, `whole` all looks."""

    series: tuple[Series, ...]
    buckets: tuple[Bucket, ...]
    top: int
    whole: int
    by_month: bool

    @property
    def short(self) -> bool:
        """Whether the table is short enough to stand open."""
        return len(self.buckets) <= FEW


def purposes() -> list[str]:
    """The purposes of the record of processing, in its order."""
    return list(db.session.scalars(select(Purpose.key).order_by(Purpose.position)))


def of(days: Iterable[Daily], over: Period, known: Sequence[str]) -> OverTime:
    """Looks by purpose in each day or month; `known` are the purposes of the record.

    Whatever is not among them is unstated; that comes last, also when there is none.
    """
    places = {key: place for place, key in enumerate(known) if key != VAGUE}
    counted: dict[date, Counter[str]] = {}
    for each in filter(is_look, days):
        key = each.purpose if each.purpose in places else UNSTATED
        counted.setdefault(each.day, Counter())[key] += each.entries
    totals: Counter[str] = sum(counted.values(), Counter())
    series = _series(totals, places, over)
    spans = _spans(over)
    summed = [_within(counted, first, last) for first, last in spans]
    top = scale(max(sum(each.values()) for each in summed))
    buckets = [
        _bucket(span, each, series, top, over) for span, each in zip(spans, summed, strict=True)
    ]
    return OverTime(series, tuple(buckets), top, sum(totals.values()), over.by_month)


def scale(most: int) -> int:
    """The end of a scale that holds `most`: 2, 4 or 10 and so on, so that its half is whole."""
    if most <= 2:
        return 2
    power: int = 10 ** floor(log10(most))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= most)


def _series(totals: Counter[str], places: dict[str, int], over: Period) -> tuple[Series, ...]:
    whole = sum(totals.values()) or 1
    keys = sorted((key for key in totals if key != UNSTATED), key=places.__getitem__)
    return tuple(
        Series(
            key,
            colour=places.get(key, COLOURS - 1) % COLOURS + 1,
            number=totals[key],
            share=100 * totals[key] / whole,
            url=over.log(**LOOKS, purpose=key),
            looks=entries(**LOOKS, purpose=key),
        )
        for key in [*keys, UNSTATED]
    )


def _spans(over: Period) -> list[tuple[date, date]]:
    """The first and the last day of each bar, the oldest first."""
    spans = []
    first = over.first
    while first <= over.last:
        last = first
        if over.by_month:
            last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        spans.append((first, min(last, over.last)))
        first = last + timedelta(days=1)
    return spans


def _within(counted: dict[date, Counter[str]], first: date, last: date) -> Counter[str]:
    own = (number for day, number in counted.items() if first <= day <= last)
    return sum(own, Counter())


def _bucket(
    span: tuple[date, date], own: Counter[str], series: Sequence[Series], top: int, over: Period
) -> Bucket:
    first, last = span
    begun = over.measured_from
    parts, height = [], 0.0
    for one in series:
        share = 100 * own[one.key] / top
        height += share
        if share:
            parts.append(Part(one.colour, round(100 - height, 2), round(share, 2)))
    return Bucket(
        first,
        last,
        measured=begun is None or last >= begun,
        measured_from=begun if begun is not None and first < begun <= last else None,
        numbers=tuple(own[one.key] for one in series),
        parts=tuple(parts),
    )
