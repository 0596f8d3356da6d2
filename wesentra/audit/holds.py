"""Holds: days of the log that stay until somebody lifts the hold (a breach, a request)."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from wesentra import clock
from wesentra.actor import current
from wesentra.audit.entry import Operation
from wesentra.audit.life import LogHold
from wesentra.models.base import IDS_END, Base, db
from wesentra.models.breach import Breach, BreachStatus
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark

REASONS = {
    "breach": mark("personal data breach"),
    "request": mark("request of a person"),
    "other": mark("another reason"),
}
ABOUT = "hold"
REFERENCE = re.compile(r"[0-9A-Za-zÅÄÖåäö][0-9A-Za-zÅÄÖåäö./-]{0,39}")
"""A number or a mark under which the matter is filed: one word, so that no name gets in."""
ONE_WORD = mark("Write the number of the matter: letters, digits, and . / - without spaces.")

_holds = Base.metadata.tables[LogHold.__tablename__]


def active(connection: Connection) -> Sequence[Any]:
    """The holds that are not lifted, as rows."""
    query = select(_holds).where(_holds.c.lifted_at.is_(None)).order_by(_holds.c.id)
    return connection.execute(query).all()


def every() -> Sequence[LogHold]:
    """All holds: those that hold, then those that were lifted, the newest first."""
    query = select(LogHold).order_by(LogHold.lifted_at.is_not(None), LogHold.id.desc())
    return db.session.scalars(query).all()


def get(hold_id: int) -> LogHold:
    """One hold; raises NotFound."""
    return _there(db.session.get(LogHold, hold_id) if 0 < hold_id < IDS_END else None)


def to_lift(hold_id: int) -> LogHold:
    """One hold as it is now, locked against others on PostgreSQL (SQLite has locked already)."""
    query = select(LogHold).where(LogHold.id == hold_id).with_for_update()
    return _there(db.session.scalar(query) if 0 < hold_id < IDS_END else None)


def _there(hold: LogHold | None) -> LogHold:
    if hold is None:
        raise NotFound(mark("There is no hold with this number."))
    return hold


def of_breach(breach_id: int) -> LogHold | None:
    """The hold that a breach has placed, whether it holds or was lifted."""
    query = select(LogHold).where(LogHold.breach_id == breach_id).order_by(LogHold.id.desc())
    return db.session.scalar(query.limit(1))


def breaches(found: Sequence[LogHold]) -> dict[int, Breach]:
    """The breaches that holds belong to, by number."""
    numbers = {hold.breach_id for hold in found} - {None}
    rows = db.session.scalars(select(Breach).where(Breach.id.in_(numbers)))
    return {breach.id: breach for breach in rows}


def is_bound(hold: LogHold) -> bool:
    """Whether the hold ends only with its breach, which is not closed."""
    breach = db.session.get(Breach, hold.breach_id) if hold.breach_id else None
    return breach is not None and breach.status != BreachStatus.CLOSED


# --- place --------------------------------------------------------------------------------


def place(reason: str, reference: str, first: date, last: date | None = None) -> LogHold:
    """Keep the log of the days `first` to `last` (None: from `first` on) until the hold is lifted.

    `reason` is a key of REASONS, `reference` the number under which the matter is filed. An entry
    tells of it. Raises Refused, also for days whose entries are all still to come.
    """
    _check(reason, reference, first, last)
    return _placed(LogHold(reason=reason, reference=reference, first=first, last=last))


def place_for(breach_id: int, first: date) -> LogHold:
    """Keep the log from `first` on until the breach is closed (Art. 33(5) GDPR)."""
    own = {"reference": str(breach_id), "breach_id": breach_id}
    return _placed(LogHold(reason="breach", first=first, last=None, **own))


def _placed(hold: LogHold) -> LogHold:
    hold.placed_by, hold.placed_at = current().user_id, clock.now()
    db.session.add(hold)
    db.session.flush()
    current().deed(Operation.LOG_HOLD, ABOUT, [hold.id], ["placed", hold.reason])
    return hold


def _check(reason: str, reference: str, first: date, last: date | None) -> None:
    if reason not in REASONS:
        raise Refused(mark("Choose why the log is held."), field="reason")
    if not REFERENCE.fullmatch(reference):
        raise Refused(ONE_WORD, field="reference")
    if first > clock.today():
        raise Refused(mark("The first day is still to come."), field="first")
    if last is not None and last < first:
        raise Refused(mark("The last day is before the first."), field="last")


# --- lift ---------------------------------------------------------------------------------


def lift(hold: LogHold, why: str) -> None:
    """End a hold by hand; what it kept may go. `why` is said in words, the log says that it was.

    The same again changes nothing. Raises Refused without a reason, for the hold of a breach that
    is not closed, and for one that was lifted already.
    """
    if not why:
        raise Refused(mark("Write why the hold is lifted."), field="why")
    if hold.lifted_at is not None:
        if (hold.lifted_by, hold.lift_reason) == (current().user_id, why):
            return
        raise Refused(mark("This hold was lifted already."))
    if is_bound(hold):
        told = mark("This hold belongs to breach %(number)s. Close the breach first.")
        raise Refused(told, number=hold.breach_id)
    hold.lift_reason = why
    _lifted(hold)
    current().deed(Operation.LOG_HOLD, ABOUT, [hold.id], ["lifted", hold.reason, "reason_given"])


def lift_with(breach_id: int) -> None:
    """End the hold of a breach that was closed, if it still holds."""
    own = LogHold.breach_id == breach_id, LogHold.lifted_at.is_(None)
    for hold in db.session.scalars(select(LogHold).where(*own).with_for_update()):
        _lifted(hold)
        current().deed(
            Operation.LOG_HOLD, ABOUT, [hold.id], ["lifted", hold.reason, "breach_closed"]
        )


def _lifted(hold: LogHold) -> None:
    hold.lifted_by, hold.lifted_at = current().user_id, clock.now()
