"""The figures of the dashboard: one function each, each with the way to its evidence.

The page says since when the log measures, so that a time before it is not read as a zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from wesentra import clock
from wesentra.audit import ledger
from wesentra.audit.ledger import GROUPS, Operation, Tally, Wanted

PERIODS = (7, 30, 365)


@dataclass(frozen=True)
class Figure:
    """One number and the address of what it counts."""

    value: int
    url: str


@dataclass(frozen=True)
class Period:
    """The last so many days, today included; `measured_from` is set when the log began within."""

    days: int
    first: date
    measured_from: date | None

    def wanted(self, **parts: object) -> Wanted:
        """A question about this period."""
        return Wanted(first=self.first, **parts)  # type: ignore[arg-type]

    def log(self, **parts: object) -> str:
        """The address of the period's entries, narrowed by `parts`."""
        given = "".join(f"{name}={value}&" for name, value in parts.items())
        return f"/log/?{given}from={self.first}"


@dataclass(frozen=True)
class UserLooks:
    """What one user did: looks at single people, lists and searches, changes, exports."""

    user: int
    name: str
    opened: Figure
    listed: Figure
    changed: Figure
    exported: Figure


def period(days: int) -> Period:
    """The period of the page; an unknown length becomes 30 days."""
    days = days if days in PERIODS else 30
    first = clock.today() - timedelta(days=days - 1)
    begun = ledger.coverage().first
    begun_on = begun.astimezone(clock.HELSINKI).date() if begun else clock.today()
    return Period(days, first, begun_on if begun_on > first else None)


def _opened_people(each: Tally) -> bool:
    return each.operation == Operation.VIEW and each.about == "contact"


def looks(tallies: Iterable[Tally], over: Period) -> Figure:
    """How often one person's data were opened; lists and searches are told apart from it."""
    number = sum(each.count for each in tallies if _opened_people(each))
    return Figure(number, over.log(operation="view", about="contact"))


def lists(tallies: Iterable[Tally], over: Period) -> Figure:
    """How many lists and search results were shown: one event each, however long."""
    of_lists = (Operation.LIST, Operation.SEARCH)
    number = sum(
        each.count for each in tallies if each.operation in of_lists and each.about == "contact"
    )
    return Figure(number, over.log(operation="lists", about="contact"))


def exports(over: Period) -> Figure:
    """How many times people left as a file; a large one in several entries is one."""
    wanted = over.wanted(operation="export")
    return Figure(ledger.requests(wanted), over.log(operation="export"))


def not_done(tallies: Iterable[Tally], over: Period) -> Figure:
    """What was denied or failed: sign-ins, and addresses that a role does not include."""
    number = sum(each.count for each in tallies if not each.done)
    return Figure(number, over.log(outcome="not_done"))


def people_opened(over: Period) -> dict[int, int]:
    """How often each person was opened, by number, most first."""
    return ledger.by_contact(over.wanted(operation="view"))


def by_user(tallies: Iterable[Tally], over: Period) -> list[UserLooks]:
    """What each user did with people's data, the busiest first; 0 stands for the system."""
    names = ledger.user_names()
    found = []
    for user, done in ledger.by_user(_of_people(tallies)).items():
        found.append(
            UserLooks(
                user=user,
                name=names.get(user, ""),
                opened=_figure(done, over, user, "view"),
                listed=_figure(done, over, user, "lists"),
                changed=_figure(done, over, user, "changes"),
                exported=_figure(done, over, user, "export"),
            )
        )
    return found


def by_operation(tallies: Iterable[Tally], over: Period) -> list[tuple[str, int, str]]:
    """What was done with people's data, by operation: key, number, evidence."""
    counted = ledger.by_operation(_of_people(tallies))
    return [(key, n, over.log(operation=key, about="contact")) for key, n in counted.items()]


def by_purpose(tallies: Iterable[Tally], over: Period) -> list[tuple[str, int, str]]:
    """Looks at people and changes by purpose: key, number, evidence."""
    counted = ledger.by_purpose(_of_people(tallies))
    return [
        (key, number, over.log(operation="handling", about="contact", purpose=key))
        for key, number in counted.items()
    ]


def latest(over: Period, size: int = 8) -> list[ledger.Entry]:
    """Who last opened whom, when and why."""
    return ledger.page(over.wanted(operation="view", about="contact"), size=size).entries


def _of_people(tallies: Iterable[Tally]) -> list[Tally]:
    handling = GROUPS["handling"]
    return [each for each in tallies if each.operation in handling and each.about == "contact"]


def _figure(done: dict[str, int], over: Period, user: int, operation: str) -> Figure:
    counted = GROUPS.get(operation, (operation,))
    number = sum(done.get(each, 0) for each in counted)
    return Figure(number, over.log(user=user, operation=operation, about="contact"))
