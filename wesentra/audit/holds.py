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
    hold = db.session.get(LogHold, hold_id) if 0 < hold_id < IDS_END else None
    if hold is None:
        raise NotFound(mark("There is no hold with this number."))
    return hold


def place(reason: str, reference: str, first: date, last: date | None = None) -> LogHold:
    """Keep the log of the days `first` to `last` (None: from `first` on) until the hold is lifted.

    `reason` is a key of REASONS, `reference` the number under which the matter is filed. An entry
    tells of it. Raises Refused, also for days whose entries are all still to come.
    """
    _check(reason, reference, first, last)
    hold = LogHold(
        reason=reason,
        reference=reference,
        first=first,
        last=last,
        placed_by=current().user_id,
        placed_at=clock.now(),
    )
    db.session.add(hold)
    db.session.flush()
    current().deed(Operation.LOG_HOLD, ABOUT, [hold.id], ["placed", reason])
    return hold


def _check(reason: str, reference: str, first: date, last: date | None) -> None:
    if reason not in REASONS:
        raise Refused(mark("Choose why the log is held."), field="reason")
    if not REFERENCE.fullmatch(reference):
        sentence = mark(
            "Write the number of the matter: letters, digits, and . / - without spaces."
        )
        raise Refused(sentence, field="reference")
    if first > clock.today():
        raise Refused(mark("The first day is still to come."), field="first")
    if last is not None and last < first:
        raise Refused(mark("The last day is before the first."), field="last")


def lift(hold: LogHold) -> None:
    """End a hold; what it kept may go. One that was lifted stays as it is."""
    if hold.lifted_at is not None:
        return
    hold.lifted_by = current().user_id
    hold.lifted_at = clock.now()
    current().deed(Operation.LOG_HOLD, ABOUT, [hold.id], ["lifted", hold.reason])
