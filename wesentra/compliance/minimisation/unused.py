"""Whose field nobody used: the same conditions for the figures and for the removal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select

from wesentra import clock
from wesentra.compliance.minimisation import counting
from wesentra.compliance.minimisation.policy import Share, limit, unused_since
from wesentra.erasure.held import KEEPS
from wesentra.models import Contact, Departure, FieldUse, Restriction, RetentionHold, db
from wesentra.models.attribution import seen_by_program

BESIDE = seen_by_program("minimisation")


def months() -> int:
    """After how many months without a use a field is proposed, by the settings."""
    return int(current_app.extensions["wesentra_settings"].unused_months)


@dataclass(frozen=True)
class Measured:
    """What the figures stand on: uses are known since a day and counted up to a moment; `until` is
    the last day that is too long ago. Nothing is measured before the first count."""

    until: date
    known_since: date | None
    counted_at: datetime | None

    @property
    def enough(self) -> bool:
        """Whether so much is known that anything can be proposed."""
        return self.known_since is not None and self.known_since <= self.until


def measured() -> Measured:
    """As it stands today."""
    state = counting.state()
    return Measured(
        limit(clock.today(), months()),
        state.known_since if state else None,
        state.counted_at if state else None,
    )


# --- conditions -----------------------------------------------------------------------------------


def filled(field: str) -> ColumnElement[bool]:
    """Those who have it filled in, of those who are there."""
    column: Any = getattr(Contact, field)
    has = column.is_not(None) if column.type.python_type is date else column != ""
    return and_(Contact.pending_import_id.is_(None), has)


def unused(until: date) -> ColumnElement[bool]:
    """Not used after `until`, of a select that is `with_use` of the field: whoever is newer was."""
    newer = datetime.combine(until + timedelta(days=1), time(), clock.HELSINKI)
    return and_(
        Contact.created_at < newer, or_(FieldUse.last_on.is_(None), FieldUse.last_on <= until)
    )


def with_use(query: Any, field: str) -> Any:
    """Beside each contact the last use of the field, where there was one."""
    own = and_(FieldUse.contact_id == Contact.id, FieldUse.field == field)
    return query.select_from(Contact).outerjoin(FieldUse, own)


def kept() -> ColumnElement[bool]:
    """Nothing of theirs is changed: restricted (Art. 18 GDPR), waiting to be erased, or held for a
    claim, a request or a breach."""
    holds = RetentionHold.contact_id.is_not(None), RetentionHold.lifted_at.is_(None)
    held = select(RetentionHold.contact_id).where(*holds, RetentionHold.kind.in_(KEEPS))
    waits = select(Departure.number).where(Departure.kind == "contact")
    closed = select(Restriction.contact_id).where(Restriction.lifted_at.is_(None))
    return or_(*(Contact.id.in_(each) for each in (held, waits, closed)))


# --- figures --------------------------------------------------------------------------------------


def shares(field: str, known: Measured) -> list[Share]:
    """The figures of one field, group by group."""
    old = unused(known.until)
    proposed = and_(old, not_(kept()))
    columns = (
        Contact.group,
        func.count(),
        func.sum(case((proposed, 1), else_=0)),
        func.sum(case((and_(old, kept()), 1), else_=0)),
        func.min(case((proposed, FieldUse.last_on))),
        func.min(case((and_(proposed, FieldUse.last_on.is_(None)), Contact.created_at))),
    )
    query = with_use(select(*columns), field).where(filled(field)).group_by(Contact.group)
    return [_share(field, row, known) for row in _seen(query)]


def _share(field: str, row: Any, known: Measured) -> Share:
    group, has, proposed, held, used, created = row
    if not known.enough or known.known_since is None:
        return Share(group, field, has, 0, 0)
    began = [used] if used else []
    began += [clock.day_of(created)] if created else []
    oldest = max(min(began), known.known_since) if began else None
    return Share(group, field, has, proposed, held, oldest)


def of_person(contact_id: int, fields: Sequence[str], known: Measured) -> Mapping[str, date]:
    """Fields of one contact that are proposed to be removed, with the day of the last use."""
    found: dict[str, date] = {}
    if not known.enough or known.known_since is None:
        return found
    for field in fields:
        query = with_use(select(Contact.created_at, FieldUse.last_on), field)
        own = Contact.id == contact_id, filled(field), unused(known.until), not_(kept())
        for created, last in _seen(query.where(*own)):
            found[field] = unused_since(clock.day_of(created), last, known.known_since)
    return found


def has(contact_id: int, field: str) -> bool:
    """Whether somebody is there and has it filled in."""
    return bool(_seen(select(Contact.id).where(Contact.id == contact_id, filled(field))))


def _seen(query: Any) -> Sequence[Any]:
    return db.session.execute(query, execution_options=BESIDE).all()
