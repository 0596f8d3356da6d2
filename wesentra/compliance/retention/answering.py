"""What an owner is asked in *my day*: who goes soon, and which holds are to be looked at again.

Both begin at the few whose day it is, not at the many of an owner.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import contains_eager, load_only

from wesentra import clock
from wesentra.compliance.retention.queries import CLASSES, NAMES
from wesentra.models import Company, RetentionDue, RetentionHold, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.retention_due import soon
from wesentra.models.retention_hold import HoldKind

AT_ONCE = 8
"""So many are shown; the others come when these are answered."""


def to_answer(kind: str, owner_id: int) -> Sequence[Any]:
    """An owner's contacts or companies that go soon and of which nothing was said, first the next.

    Each comes with its date. A sole trader's company goes with its person, who is asked about.
    """
    class_ = CLASSES[kind]
    date = contains_eager(class_.retention).joinedload(RetentionDue.rule)
    query = select(class_).join(class_.retention).options(_name(kind), date)
    own = class_.id.in_(_first(_soon(kind, owner_id)))
    return db.session.scalars(query.where(own).order_by(RetentionDue.due_on, class_.id)).all()


def _soon(kind: str, owner_id: int) -> Select[int]:
    """Their numbers. Whoever is held is not asked about, but by a question that waits."""
    class_, own = CLASSES[kind], getattr(RetentionDue, f"{kind}_id")
    theirs = class_.id == own, class_.owner_id == owner_id, class_.pending_import_id.is_(None)
    alone = [] if kind == "contact" else [Company.person_id.is_(None)]
    stands = getattr(RetentionHold, f"{kind}_id") == own, RetentionHold.lifted_at.is_(None)
    query = select(own).where(
        RetentionDue.due_on <= soon(clock.today()), RetentionDue.let_go_at.is_(None)
    )
    query = query.where(exists().where(*theirs, *alone).correlate(RetentionDue))
    query = query.where(~exists().where(*stands, RetentionHold.kind != HoldKind.ASKED))
    return query.order_by(RetentionDue.due_on, own)


def to_look_at(kind: str, owner_id: int) -> Sequence[Any]:
    """Contacts or companies that are held, and somebody said that they look at it again by now."""
    class_, own = CLASSES[kind], getattr(RetentionHold, f"{kind}_id")
    stands = own.is_not(None), RetentionHold.lifted_at.is_(None), RetentionHold.owner_id == owner_id
    come = RetentionHold.kind != HoldKind.ASKED, RetentionHold.review_on <= clock.today()
    numbers = select(own).where(*stands, *come).order_by(RetentionHold.review_on, own)
    query = select(class_).options(_name(kind)).where(class_.id.in_(_first(numbers)))
    return db.session.scalars(query.order_by(class_.id)).all()


def _first(numbers: Select[int]) -> set[int]:
    found = db.session.scalars(
        numbers.limit(AT_ONCE), execution_options=seen_by_program("paging")
    ).all()
    return set(found)


def _name(kind: str) -> Any:
    return load_only(*NAMES[kind][:2])
