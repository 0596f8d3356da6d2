"""What a run of a day does with everybody: the preview shows it, the run carries it out."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from wesentra.compliance.retention import dates
from wesentra.compliance.retention.policy import Case, Due, Fate, fate
from wesentra.models import Company, Contact, Restriction, RetentionDue, RetentionHold, db
from wesentra.models.attribution import seen_by_program

RESTRICTED = "restriction"
PEOPLE = "people"
"""Holds that need no row: a restriction (Art. 18), and that somebody works there still."""


@dataclass
class Plan:
    """Who goes on a day, by kind and rule, whom the rule only asks about, how many are `kept` and
    how many of them for which reason; `wrong` are those whose stored date was not the right one."""

    day: date
    going: dict[str, dict[int, list[int]]] = field(default_factory=dict)
    asked: dict[str, list[int]] = field(default_factory=dict)
    wrong: dict[str, list[int]] = field(default_factory=dict)
    kept: int = 0
    held: Counter[str] = field(default_factory=Counter)
    everybody: int = 0
    undated: int = 0

    def number(self, kind: str = "") -> int:
        """How many go, of one kind or in all."""
        kinds = [kind] if kind else list(self.going)
        return sum(len(ids) for one in kinds for ids in self.going[one].values())


def of(day: date) -> Plan:
    """The plan of a day, read from the facts of everybody and not from the stored dates."""
    plan = Plan(day)
    going: set[int] = set()
    for kind in ("contact", "company"):
        by_rule: dict[int, list[int]] = defaultdict(list)
        plan.asked[kind], plan.wrong[kind] = [], []
        for ids in _everybody(kind):
            found = dates.dues(kind, ids)
            plan.wrong[kind] += dates.wrong(kind, found)
            for case in cases(kind, found, going):
                _put(plan, kind, by_rule, case)
        plan.going[kind] = dict(by_rule)
        going.update(id_ for own in by_rule.values() for id_ in own)
    return plan


def _put(plan: Plan, kind: str, by_rule: dict[int, list[int]], case: Case) -> None:
    plan.everybody += 1
    if case.due is None:
        plan.undated += 1
        return
    what = fate(case, plan.day)
    if what == Fate.GOES:
        by_rule[case.due.rule.id].append(case.number)
    elif what == Fate.ASKED:
        plan.asked[kind].append(case.number)
    elif what == Fate.HELD:
        plan.kept += 1
        plan.held.update(case.holds)


def cases(
    kind: str, found: Mapping[int, Due | None], going: Collection[int] = frozenset()
) -> list[Case]:
    """These contacts or companies as they stand, with when they go; `going` are contacts that go
    on the same day.

    A sole trader's company is no case: it goes with its person, who is kept as long as it.
    """
    held, let_go = holds_on(kind, found, going), _let_go(kind, found)
    return [
        Case(id_, one, frozenset(held.get(id_, ())), id_ in let_go)
        for id_, one in sorted(found.items())
    ]


def _everybody(kind: str) -> Iterator[list[int]]:
    """The numbers of all, in portions; each is read in a transaction of its own."""
    class_, last = (Contact, 0) if kind == "contact" else (Company, 0)
    alone = [] if kind == "contact" else [Company.person_id.is_(None)]
    while True:
        query = select(class_.id).where(class_.id > last, *alone).order_by(class_.id)
        ids = list(_seen(query.limit(dates.PORTION)))
        if not ids:
            return
        yield ids
        last = ids[-1]
        db.session.rollback()


# --- holds --------------------------------------------------------------------------------------


def holds_on(
    kind: str, ids: Collection[int], going: Collection[int] = frozenset()
) -> dict[int, set[str]]:
    """The kinds of holds that stand on these contacts or companies now.

    A sole trader is one with the company: what keeps one of the two keeps both.
    """
    found = _own(kind, ids)
    other = "company" if kind == "contact" else "contact"
    pairs = _traders(kind, ids)
    elsewhere = _own(other, [same for _id, same in pairs])
    for id_, same in pairs:
        found[id_] |= elsewhere.get(same, set())
    if kind == "company":
        works = select(Contact.company_id, Contact.id).where(Contact.company_id.in_(ids))
        traders = dict(pairs)
        for id_, contact_id in _rows(works):
            if contact_id not in going and id_ not in traders:
                found[id_].add(PEOPLE)
    return found


def _own(kind: str, ids: Collection[int]) -> dict[int, set[str]]:
    """The kinds of holds that stand on themselves."""
    found: dict[int, set[str]] = defaultdict(set)
    if not ids:
        return found
    own = RetentionHold.contact_id if kind == "contact" else RetentionHold.company_id
    standing = select(own, RetentionHold.kind).where(own.in_(ids))
    for id_, why in _rows(standing.where(RetentionHold.lifted_at.is_(None))):
        found[id_].add(why)
    if kind == "contact":
        restricted = Restriction.contact_id.in_(ids), Restriction.lifted_at.is_(None)
        for id_ in _seen(select(Restriction.contact_id).where(*restricted)):
            found[id_].add(RESTRICTED)
    return found


def held_elsewhere(kind: str, number: int) -> set[str]:
    """Holds that keep one of them and have no row of their own there."""
    return holds_on(kind, [number]).get(number, set()) - (
        _own(kind, [number]).get(number, set()) - {RESTRICTED}
    )


def _traders(kind: str, ids: Collection[int]) -> list[tuple[int, int]]:
    """Those that are sole traders, each beside the company, or the person, that they are."""
    own, other = Company.person_id, Company.id
    if kind == "company":
        own, other = other, own
    there = own.in_(ids), Company.person_id.is_not(None)
    return [(row[0], row[1]) for row in _rows(select(own, other).where(*there))]


def _let_go(kind: str, ids: Collection[int]) -> set[int]:
    own = RetentionDue.contact_id if kind == "contact" else RetentionDue.company_id
    said: ColumnElement[bool] = RetentionDue.let_go_at.is_not(None)
    return set(db.session.scalars(select(own).where(own.in_(ids), said)))


def _seen(query: Any) -> Sequence[int]:
    return db.session.scalars(query, execution_options=seen_by_program("retention")).all()


def _rows(query: Any) -> Sequence[Any]:
    return db.session.execute(query, execution_options=seen_by_program("retention")).all()
