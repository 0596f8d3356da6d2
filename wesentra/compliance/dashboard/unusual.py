"""Days on which somebody read far more than is usual. Decided purely.

A day stands out when it is above THRESHOLD and above TIMES the median of the same user's other
days and of everybody else's days. It is a question to be asked, not a verdict, and no measure of
how much anybody works (Act 759/2004, sections 2 and 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from wesentra.audit import ledger
from wesentra.audit.ledger import Wanted
from wesentra.audit.usual import COMPARED, ENOUGH, usual, usual_without
from wesentra.compliance.dashboard.figures import Period, entries

LATELY = 30
"""Compared are the COMPARED days up to today; shown are those of the period, of so many at most."""
TIMES = 3
THRESHOLD = {"opened": 20, "listed": 300}
"""Single people opened, and people shown in lists, below which no day stands out."""


@dataclass(frozen=True)
class Day:
    """What one user did on one day, by one measure of THRESHOLD."""

    user: int
    on: date
    number: int


@dataclass(frozen=True)
class Unusual:
    """One day of one user that stands out; `usual` is their own median, None when unknown.

    `others` is everybody else's, None when unknown; `more` counts this user's further days.
    """

    user: int
    on: date
    measure: str
    number: int
    usual: int | None
    others: int | None
    more: int

    @property
    def url(self) -> str:
        """The entries of that day."""
        operation = "view" if self.measure == "opened" else "lists"
        day = {"from": self.on, "to": self.on}
        return entries(user=self.user, operation=operation, about="contact", **day)


@dataclass(frozen=True)
class Readers:
    """The days that stand out, the newest first; `since` is the first day that was looked at.

    `comparable` is false while there are too few days to say what is usual.
    """

    unusual: list[Unusual]
    since: date
    comparable: bool


def readers(over: Period) -> Readers:
    """Whose days stood out lately."""
    wanted = Wanted(about="contact", first=over.last - timedelta(days=COMPARED - 1))
    rows = ledger.by_user_and_day(wanted)
    since = max(over.first, over.last - timedelta(days=LATELY - 1))
    days = {
        "opened": [Day(row.user, row.day, row.opened) for row in rows if row.opened],
        "listed": [Day(row.user, row.day, row.listed) for row in rows if row.listed],
    }
    found = [one for measure in days for one in standing_out(days[measure], measure, since)]
    comparable = any(len(own) > ENOUGH for own in days.values())
    return Readers(
        sorted(found, key=lambda one: (one.on, one.user), reverse=True), since, comparable
    )


def standing_out(days: Sequence[Day], measure: str, since: date) -> list[Unusual]:
    """Of each user the day that stands out most, if any does since that day."""
    by_user: dict[int, list[Day]] = {}
    for day in days:
        by_user.setdefault(day.user, []).append(day)
    found = []
    for user, own in by_user.items():
        held = sorted(day.number for day in own)
        # Nearly every day is as usual for its own user: that is asked first, of the others after.
        much = [
            (day, own_usual)
            for day in own
            if day.on >= since and day.number > THRESHOLD[measure]
            if day.number > TIMES * ((own_usual := usual_without(held, day.number)) or 0)
        ]
        if much:
            others = usual(day.number for day in days if day.user != user)
            unusual = [
                Unusual(user, day.on, measure, day.number, own_usual, others, 0)
                for day, own_usual in much
                if day.number > TIMES * (others or 0) and (own_usual, others) != (None, None)
            ]
            found += [_most(unusual)] if unusual else []
    return found


def _most(own: list[Unusual]) -> Unusual:
    most = max(own, key=lambda one: (one.number, one.on))
    return replace(most, more=len(own) - 1)
