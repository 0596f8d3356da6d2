"""When somebody goes, by which rule, and what keeps them despite it. Pure.

The page that shows a date, the preview and the run all ask here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from wesentra.compliance.retention.bookkeeping import vouchers_until, year_end_of
from wesentra.deadlines import months_after
from wesentra.models.codes import Group
from wesentra.models.retention_due import WARNING_DAYS
from wesentra.models.retention_rule import Action, Trigger

ENDS = (Trigger.LEFT_ROLE, Trigger.CONTRACT_END)
"""What ends the reason to keep somebody; until one is known the last contact counts."""


@dataclass(frozen=True)
class Rule:
    """One version of a rule, as far as it decides."""

    id: int
    kind: str
    group: str
    trigger: str
    months: int
    action: str


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
    """The day on which somebody goes by a rule whose period began at `start`."""
    if rule.trigger == Trigger.LAST_INVOICE:
        last_day = vouchers_until(year_end_of(start, year_ends), rule.months)
        return last_day + timedelta(days=1)  # a run comes early in the day
    return months_after(start, rule.months)


def asked_first(day: date, known: date | None, today: date) -> date:
    """The day on which somebody goes whose day would be `day` by the facts of `today`.

    The owner has WARNING_DAYS to answer. So a day that comes nearer all at once, by a shorter rule,
    by an end of a contract with a wrong year, or because somebody is new, is put off so long, but
    not beyond the day that was `known` before.
    """
    if known is not None and day >= known:
        return day
    later = max(day, today + timedelta(days=WARNING_DAYS))
    return later if known is None else min(known, later)


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
