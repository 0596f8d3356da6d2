"""The figures of the dashboard: each is summed from the daily figures and leads to its evidence.

The page says since when the log measures, so that a time before it is not read as a zero.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from wesentra import clock
from wesentra.audit import ledger
from wesentra.audit.ledger import GROUPS, UNSTATED, VAGUE, Daily, Operation, Wanted

PERIODS = (7, 30, 365)
BY_DAY = 31
"""The longest period that is shown day by day, others month by month."""
LOOKS = {"operation": "looks", "about": "contact"}
"""Every time somebody's data were shown: opened, in a list, in search results, in a file."""


@dataclass(frozen=True)
class Figure:
    """One number and the address of what it counts; None is what was not measured."""

    value: float | None
    url: str


@dataclass(frozen=True)
class Period:
    """The last so many days, today included; `measured_from` is set when the log began within."""

    days: int
    first: date
    last: date
    measured_from: date | None

    @property
    def by_month(self) -> bool:
        """Whether the period is shown month by month."""
        return self.days > BY_DAY

    def daily(self) -> list[Daily]:
        """The figures of its days, or of its months where it is shown by them."""
        return ledger.daily(self.wanted(), by_month=self.by_month)

    def wanted(self, **parts: object) -> Wanted:
        """A question about this period."""
        return Wanted(first=self.first, **parts)  # type: ignore[arg-type]

    def log(self, **parts: object) -> str:
        """The address of the period's entries, narrowed by `parts`."""
        return entries(**{**parts, "from": self.first})


@dataclass(frozen=True)
class Figures:
    """The row at the top: looks at single people, lists, exports, refusals, purposes stated.

    `stated` is the share of looks with a purpose that says something, in per cent.
    """

    opened: Figure
    lists: Figure
    exports: Figure
    not_done: Figure
    stated: Figure


def entries(**parts: object) -> str:
    """The address of entries of the log, narrowed by `parts`."""
    return f"/log/?{urlencode(parts)}"


def period(days: int) -> Period:
    """The period of the page; an unknown length becomes 30 days."""
    days = days if days in PERIODS else 30
    today = clock.today()
    first = today - timedelta(days=days - 1)
    begun = ledger.measured_from() or today
    return Period(days, first, today, begun if begun > first else None)


def of(days: Iterable[Daily], over: Period, known: Iterable[str]) -> Figures:
    """The figures of a period; `known` are the purposes of the record of processing."""
    days = list(days)
    shown = [each for each in days if is_look(each)]
    whole = _sum(shown)
    said = set(known) - {VAGUE}
    stated = _sum(each for each in shown if each.purpose in said)
    return Figures(
        opened=_figure(shown, over, "view", lambda each: each.operation == Operation.VIEW),
        lists=_figure(shown, over, "lists", lambda each: each.operation in GROUPS["lists"]),
        exports=Figure(
            sum(each.requests for each in shown if each.operation == Operation.EXPORT),
            over.log(operation="export", about="contact"),
        ),
        not_done=Figure(_sum(each for each in days if not each.done), over.log(outcome="not_done")),
        stated=Figure(100 * stated / whole if whole else None, over.log(**LOOKS, purpose=UNSTATED)),
    )


def is_look(each: Daily) -> bool:
    """Whether these showed contacts to somebody."""
    return each.operation in GROUPS["looks"] and each.about == "contact"


def people_opened(over: Period) -> dict[int, int]:
    """How often each person was opened, by number, most first; counted among the entries."""
    return ledger.by_contact(over.wanted(operation="view", about="contact"))


def _figure(
    days: Iterable[Daily], over: Period, operation: str, counted: Callable[[Daily], bool]
) -> Figure:
    url = over.log(operation=operation, about="contact")
    return Figure(_sum(each for each in days if counted(each)), url)


def _sum(days: Iterable[Daily]) -> int:
    return sum(each.entries for each in days)
