"""When somebody goes, by which rule, and what keeps them despite it. Pure.

The page that shows a date, the preview and the run all ask here.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from wesentra.deadlines import months_after
from wesentra.models.codes import Group
from wesentra.models.retention_rule import Action, Trigger

ASKED_DAYS = 30
"""So long before the day the owner is asked."""
ENDS = (Trigger.LEFT_ROLE, Trigger.CONTRACT_END)
"""What ends the reason to keep somebody; until one is known the last contact counts."""
VOUCHER_YEARS = 6
BOOK_YEARS = 10


@dataclass(frozen=True)
class Rule:
    """One version of a rule, as far as it decides.

    `first` is the day before which nobody goes by it who would have stayed by the version
    `before`: their owners are asked until then. None of the rules that the program came with.
    """

    id: int
    kind: str
    group: str
    trigger: str
    months: int
    action: str
    first: date | None = None
    before: "Rule | None" = None


@dataclass(frozen=True)
class Facts:
    """What is known of a contact or a company; days are days in Finland.

    `last_contact` is the last two-way contact: they contacted us, or a call or a meeting; of a
    company, with anybody who works there. `contract_ended` of a contact is that of the company.
    `traders` has the facts of each company that the person is, whose bookkeeping keeps them all.
    """

    kind: str
    group: str
    created: date
    group_since: date
    last_contact: date | None = None
    left: date | None = None
    contract_ended: date | None = None
    invoiced: date | None = None
    traders: "tuple[Facts, ...]" = ()


@dataclass(frozen=True)
class Due:
    """The day on which somebody goes, the rule, and the day that it counts from."""

    on: date
    rule: Rule
    counted_from: date


def due(facts: Facts, rules: Sequence[Rule], year_ends: tuple[int, int] = (12, 31)) -> Due | None:
    """When somebody goes; None where no rule gives a date, which is a fault of the rules.

    The first of what ended counts, else the last contact; bookkeeping keeps longer. `year_ends`
    is the month and the day on which the company's own financial year ends.
    """
    own = [one for one in rules if one.kind == facts.kind and one.group == facts.group]
    found = [each for each in (_counted(facts, rule, year_ends) for rule in own) if each]
    ended = [each for each in found if each.rule.trigger in ENDS]
    living = [each for each in found if each.rule.trigger == Trigger.LAST_CONTACT]
    kept = [each for each in found if each.rule.trigger == Trigger.LAST_INVOICE]
    companies = (due(company, rules, year_ends) for company in facts.traders)
    kept += [company for company in companies if company is not None]
    first = sorted(ended or living, key=_when)[:1]
    return max((*first, *kept), key=_when, default=None)


def _when(one: Due) -> tuple[date, int]:
    return one.on, -one.rule.id


def _counted(facts: Facts, rule: Rule, year_ends: tuple[int, int]) -> Due | None:
    start = _start(facts, rule.trigger)
    if start is None:
        return None
    return Due(day_by(rule, start, year_ends), rule, start)


def day_by(rule: Rule, start: date, year_ends: tuple[int, int] = (12, 31)) -> date:
    """The day on which somebody goes by a rule whose period began at `start`.

    A rule that was made shorter takes effect at once for those who are not due yet, and for the
    others after some weeks, but not later than they would have gone before.
    """
    if rule.trigger == Trigger.LAST_INVOICE:
        last_day = vouchers_until(year_end_of(start, year_ends), rule.months)
        day = last_day + timedelta(days=1)  # a run comes early in the day
    else:
        day = months_after(start, rule.months)
    if rule.first is None or rule.before is None or day >= rule.first:
        return day
    return max(day, min(rule.first, day_by(rule.before, start, year_ends)))


def _start(facts: Facts, trigger: str) -> date | None:
    """The day that a period counts from; None while what it counts from has not happened."""
    if trigger == Trigger.LAST_CONTACT:
        return max(facts.last_contact or facts.created, facts.created)
    if trigger == Trigger.LEFT_ROLE:
        return facts.left
    if trigger == Trigger.LAST_INVOICE:
        return facts.invoiced or _contract_end(facts)
    return _contract_end(facts)


def _contract_end(facts: Facts) -> date | None:
    """A former customer of whom nobody said when it ended is one since the group says so."""
    former = facts.group_since if facts.group == Group.FORMER_CUSTOMER else None
    return facts.contract_ended or former


# --- bookkeeping (kirjanpitolaki 1336/1997, 2:10 §) ---------------------------------------------


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


# --- what happens on a day ----------------------------------------------------------------------


class Fate(StrEnum):
    """What becomes of somebody today."""

    STAYS = "stays"
    HELD = "held"
    ASKED = "asked"
    GOES = "goes"


@dataclass(frozen=True)
class Case:
    """Somebody on a day: when they go, the kinds of holds on them, and whether the owner was asked
    and lets them go."""

    number: int
    due: Due | None
    holds: frozenset[str] = frozenset()
    let_go: bool = False


def fate(case: Case, today: date) -> Fate:
    """What the run of `today` does with somebody; nobody goes before the day or despite a hold.

    Where the rule only asks, the run places a hold that waits for the owner's answer.
    """
    if case.due is None or case.due.on > today:
        return Fate.STAYS
    if case.holds:
        return Fate.HELD
    asks = case.due.rule.action == Action.ASK and not case.let_go
    return Fate.ASKED if asks else Fate.GOES


@dataclass(frozen=True)
class Limit:
    """How many may go in one run without anybody's word: a rule changed by mistake must not empty
    the register. At most `percent` of everybody, but always `least`."""

    percent: int
    least: int = 20

    def exceeded(self, going: int, everybody: int, approved: int = 0) -> bool:
        """Whether a run stops and asks; `approved` is for how many somebody gave their word."""
        return going > max(self.least, everybody * self.percent // 100, approved)


def moved_by(facts: Facts, rules: Sequence[Rule]) -> list[str]:
    """What would move the date: the triggers of the rules that are about somebody like that."""
    wanted = {
        rule.trigger for rule in rules if (rule.kind, rule.group) == (facts.kind, facts.group)
    }
    return [trigger for trigger in Trigger if trigger in wanted]
