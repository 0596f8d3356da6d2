"""Questions about dates, holds and runs. A page loads only whom it shows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import joinedload, load_only

from wesentra import clock
from wesentra.compliance.retention import plan
from wesentra.models import (
    Company,
    Contact,
    Restriction,
    RetentionDue,
    RetentionHold,
    RetentionRule,
    db,
)
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import IDS_END
from wesentra.models.retention_due import soon
from wesentra.refusal import NotFound
from wesentra.texts import mark

MOST = 100
CLASSES: dict[str, type[Contact] | type[Company]] = {"contact": Contact, "company": Company}
GONE = {
    "contact": mark("This contact is not in the register."),
    "company": mark("This company is not in the register."),
}
NAMES: dict[str, tuple[Any, ...]] = {
    "contact": (Contact.given_name, Contact.family_name, Contact.left_on, Contact.company_id),
    "company": (
        Company.name,
        Company.person_id,
        Company.contract_ended_on,
        Company.invoiced_on,
        Company.group,
    ),
}


def whom(kind: str, number: int, *, to_change: bool = False) -> Any:
    """A contact or a company as far as its page of retention shows it; raises NotFound."""
    class_ = CLASSES[kind]
    query = select(class_).where(class_.id == number, class_.pending_import_id.is_(None))
    query = query.options(load_only(*NAMES[kind]))
    found = db.session.scalar(query.with_for_update() if to_change else query)
    if found is None:
        raise NotFound(GONE[kind])
    return found


def holds_of(kind: str, number: int) -> Sequence[RetentionHold]:
    """The holds on somebody: those that stand, then those that were lifted, the newest first."""
    own = RetentionHold.contact_id if kind == "contact" else RetentionHold.company_id
    order = (RetentionHold.lifted_at.is_not(None), RetentionHold.id.desc())
    return db.session.scalars(select(RetentionHold).where(own == number).order_by(*order)).all()


def hold(hold_id: int) -> RetentionHold:
    """One hold, locked; raises NotFound."""
    query = select(RetentionHold).where(RetentionHold.id == hold_id).with_for_update()
    found = db.session.scalar(query) if 0 < hold_id < IDS_END else None
    if found is None:
        raise NotFound(mark("There is no hold with this number."))
    return found


# --- who goes soon ------------------------------------------------------------------------------


def leaving() -> list[tuple[RetentionRule, int]]:
    """How many go within a month, by the rule that says so; nobody whom a hold keeps.

    A sole trader and the company are one.
    """
    counted = select(RetentionDue.rule_id, func.count()).where(
        RetentionDue.due_on <= soon(clock.today()), *(~exists().where(*each) for each in _kept())
    )
    found = db.session.execute(
        counted.group_by(RetentionDue.rule_id), execution_options=seen_by_program("figure")
    )
    numbers = {row[0]: row[1] for row in found}
    query = select(RetentionRule).where(RetentionRule.id.in_(numbers))
    order = (RetentionRule.kind, RetentionRule.group, RetentionRule.trigger)
    return [(rule, numbers[rule.id]) for rule in db.session.scalars(query.order_by(*order))]


def _kept() -> list[tuple[ColumnElement[bool], ...]]:
    """What there may not be of one who goes."""
    own, unlifted = RetentionDue.contact_id, RetentionHold.lifted_at.is_(None)
    return [
        (RetentionHold.contact_id == own, unlifted),
        (RetentionHold.company_id == RetentionDue.company_id, unlifted),
        (Restriction.contact_id == own, Restriction.lifted_at.is_(None)),
        (Company.id == RetentionDue.company_id, Company.person_id.is_not(None)),
    ]


# --- one of them --------------------------------------------------------------------------------


def date_of(kind: str, number: int) -> RetentionDue | None:
    """The stored date with its rule."""
    own = RetentionDue.contact_id if kind == "contact" else RetentionDue.company_id
    query = select(RetentionDue).where(own == number).options(joinedload(RetentionDue.rule))
    return db.session.scalar(query)


def held_by(kind: str, number: int) -> list[str]:
    """The kinds of holds that stand, in the order of their names."""
    return sorted(plan.holds_on(kind, [number]).get(number, ()))


def held_elsewhere(kind: str, number: int) -> list[str]:
    """Those of them that have no row of their own here: by law, or of the sole trader they are."""
    return sorted(plan.held_elsewhere(kind, number))


def held() -> tuple[Sequence[RetentionHold], int]:
    """The holds that stand, first those to be looked at next, MOST of them; and how many more."""
    query = select(RetentionHold).where(RetentionHold.lifted_at.is_(None))
    shown = load_only(
        RetentionHold.contact_id,
        RetentionHold.company_id,
        RetentionHold.kind,
        RetentionHold.owner_id,
        RetentionHold.review_on,
    )
    order = (RetentionHold.review_on, RetentionHold.id)
    some = db.session.scalars(query.options(shown).order_by(*order).limit(MOST)).all()
    if len(some) < MOST:
        return some, 0
    number = select(func.count(RetentionHold.id)).where(RetentionHold.lifted_at.is_(None))
    every = db.session.scalar(number, execution_options=seen_by_program("figure")) or 0
    return some, max(0, every - MOST)
