"""What is done with holds, and what the owner says who is asked; nothing is committed here."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select, update

from wesentra import clock
from wesentra.actor import current
from wesentra.models import Company, Contact, RetentionDue, RetentionHold, db
from wesentra.models.attribution import bulk_write, seen_by_program
from wesentra.models.base import Base
from wesentra.models.retention_due import WARNING_DAYS
from wesentra.models.retention_hold import HoldKind
from wesentra.refusal import Refused
from wesentra.texts import mark

KINDS: dict[str, str] = {
    HoldKind.CLAIM: mark("Legal claim"),
    HoldKind.REQUEST: mark("Open request of the person"),
    HoldKind.BREACH: mark("Personal data breach"),
    HoldKind.KEEP: mark("Still needed"),
    HoldKind.ASKED: mark("Waits for the owner’s answer"),
    "restriction": mark("Processing is restricted"),
    "people": mark("Contacts work there"),
}
"""What holds are called, also those that need no row."""
TYPED = (HoldKind.KEEP, HoldKind.CLAIM, HoldKind.REQUEST, HoldKind.BREACH)
"""Those that somebody places by hand."""
_TABLE = Base.metadata.tables[RetentionHold.__tablename__]
LONGEST_DAYS = 3 * 366
"""A hold is looked at again after three years at the latest: so long claims run (728/2003, 4 §)."""


def place(kind: str, number: int, hold: str, reason: str, owner_id: int, review_on: date) -> None:
    """Keep a contact or a company despite the rule, until the hold is lifted.

    `hold` is of TYPED, `reason` typed; `owner_id` answers for it and looks at it on `review_on`.
    What waited for an answer has got one, and whom the owner let go is not let go any more. The
    same hold again changes nothing.
    """
    if not clock.today() < review_on <= clock.today() + timedelta(days=LONGEST_DAYS):
        raise Refused(
            mark("Choose a day from tomorrow on, at most three years away."), field="review_on"
        )
    _answered(kind, number)
    _say_let_go(kind, number, None, None)
    same = _standing(kind, number).where(RetentionHold.kind == hold, RetentionHold.reason == reason)
    if db.session.scalar(same) is not None:
        return
    db.session.add(_row(kind, number, hold, reason, owner_id, review_on))


def _row(
    kind: str, number: int, hold: str, reason: str, owner_id: int | None, review_on: date
) -> RetentionHold:
    return RetentionHold(
        **{f"{kind}_id": number},
        kind=hold,
        reason=reason,
        owner_id=owner_id,
        review_on=review_on,
        placed_at=clock.now(),
        placed_by=current().user_id,
    )


def _standing(kind: str, number: int) -> Select[RetentionHold]:
    own = RetentionHold.contact_id if kind == "contact" else RetentionHold.company_id
    return select(RetentionHold).where(own == number, RetentionHold.lifted_at.is_(None))


def _answered(kind: str, number: int) -> None:
    """What waited for the owner waits no more."""
    for hold in db.session.scalars(
        _standing(kind, number).where(RetentionHold.kind == HoldKind.ASKED)
    ):
        _lift(hold)


def _lift(hold: RetentionHold) -> None:
    hold.lifted_at, hold.lifted_by = clock.now(), current().user_id


def lift(hold: RetentionHold) -> None:
    """End a hold: from now on the rule decides again. A second time changes nothing."""
    if hold.lifted_at is None:
        _lift(hold)


def answer(kind: str, ids: Collection[int]) -> None:
    """What waited for these is answered without a word: their day has moved away."""
    own = _TABLE.c[f"{kind}_id"]
    waits = own.in_(ids), _TABLE.c.kind == HoldKind.ASKED, _TABLE.c.lifted_at.is_(None)
    found = db.session.scalars(
        select(own).where(*waits), execution_options=seen_by_program("retention")
    ).all()
    if found:
        about = bulk_write("update", kind, found, ["retention_hold.lifted_at"])
        lifted = update(_TABLE).where(*waits).values(lifted_at=clock.now())
        db.session.execute(lifted, execution_options=about)


def let_go(kind: str, number: int) -> None:
    """The owner was asked and lets them go on their date."""
    _say_let_go(kind, number, clock.now(), current().user_id)
    _answered(kind, number)


def _say_let_go(kind: str, number: int, at: datetime | None, by: int | None) -> None:
    own = RetentionDue.contact_id if kind == "contact" else RetentionDue.company_id
    said = {"let_go_at": at, "let_go_by": by}
    db.session.execute(update(RetentionDue).where(own == number).values(**said))


def ask(kind: str, ids: Collection[int], day: date) -> None:
    """Hold these until the owner answers; for the run, of rules that only ask."""
    class_ = Contact if kind == "contact" else Company
    owners = db.session.execute(
        select(class_.id, class_.owner_id).where(class_.id.in_(ids)),
        execution_options=seen_by_program("retention"),
    )
    review_on = day + timedelta(days=WARNING_DAYS)
    for id_, owner_id in owners.all():
        db.session.add(_row(kind, id_, HoldKind.ASKED, "", owner_id, review_on))
