"""Which recipients are to be told now, derived from what happened: nothing of it is stored."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select, true

from wesentra import clock
from wesentra.compliance.disclosures.policy import Happened, causes
from wesentra.erasure import recipients, waiting
from wesentra.models import (
    Company,
    Contact,
    Departure,
    Disclosure,
    FieldChange,
    Restriction,
    RetentionDue,
    RetentionHold,
    db,
)
from wesentra.models.attribution import seen_by_program
from wesentra.models.disclosure import Cause
from wesentra.models.personal import Category, marks
from wesentra.models.retention_due import WARNING_DAYS
from wesentra.models.retention_hold import HoldKind

MOST = 100
Due = Mapping[int, tuple[Cause, ...]]
"""Of what a recipient is to be told, by the number of the disclosure."""
_COLUMNS = (
    *(Disclosure.id, Disclosure.contact_id, Disclosure.disclosed_on, Disclosure.categories),
    *(Disclosure.created_at, Disclosure.told_of, Disclosure.told_at),
)
_OWNED = {
    class_: {name: own.category for name, own in marks(class_)} for class_ in (Contact, Company)
}
_OWNED[Contact] |= dict.fromkeys(("company", "company_id"), Category.WORK)


def due(contact_id: int | None = None) -> Due:
    """Every recipient who is to be told of something, or those of one person."""
    whose = true() if contact_id is None else Disclosure.contact_id == contact_id
    rows = _seen(select(*_COLUMNS).where(whose, recipients.UNTOLD))
    happened = _happened(whose) if rows else {}
    judged = {row.id: causes(row, happened.get(row.contact_id, Happened())) for row in rows}
    return {number: found for number, found in judged.items() if found}


def listed(found: Due, after: int | None = None) -> Sequence[Disclosure]:
    """The disclosures of these recipients, a page of them, also of those who wait to be erased."""
    numbers = sorted(number for number in found if number > (after or 0))[:MOST]
    query = select(Disclosure).where(Disclosure.id.in_(numbers)).order_by(Disclosure.id)
    with waiting.seen():
        return db.session.scalars(query).all()


def _happened(whose: ColumnElement[bool]) -> dict[int, Happened]:
    ids = select(Disclosure.contact_id).where(whose, recipients.UNTOLD)
    going, since, changes = set(_going(ids)), dict(_restricted(ids)), _changes(ids)
    return {
        number: Happened(number in going, since.get(number), changes.get(number, ()))
        for number in {*going, *since, *changes}
    }


def _going(ids: Select[Any]) -> Iterator[int]:
    """Who waits to be erased, or goes within a month and is kept by nothing."""
    own = Departure.kind == "contact", Departure.number.in_(ids)
    yield from (row.number for row in _seen(select(Departure.number).where(*own)))
    soon = clock.today() + timedelta(days=WARNING_DAYS)
    leaves = RetentionDue.contact_id.in_(ids), RetentionDue.due_on <= soon
    kept = RetentionHold.lifted_at.is_(None), RetentionHold.kind != HoldKind.ASKED
    stored = Restriction.lifted_at.is_(None)
    unkept = (
        ~exists().where(RetentionHold.contact_id == RetentionDue.contact_id, *kept),
        ~exists().where(Restriction.contact_id == RetentionDue.contact_id, stored),
    )
    query = select(RetentionDue.contact_id).where(*leaves, *unkept)
    yield from (row.contact_id for row in _seen(query))


def _restricted(ids: Select[Any]) -> Iterator[tuple[int, Any]]:
    standing = Restriction.contact_id.in_(ids), Restriction.lifted_at.is_(None)
    for row in _seen(select(Restriction.contact_id, Restriction.since).where(*standing)):
        yield row.contact_id, row.since


def _changes(ids: Select[Any]) -> dict[int, list[Any]]:
    """When which category changed: of the person, and of the company that they are themself."""
    found: dict[int, list[Any]] = defaultdict(list)
    own = select(FieldChange.contact_id, FieldChange.field, FieldChange.at)
    traders = select(Company.person_id, FieldChange.field, FieldChange.at)
    traders = traders.join(Company, Company.id == FieldChange.company_id)
    for class_, query in (
        (Contact, own.where(FieldChange.contact_id.in_(ids))),
        (Company, traders.where(Company.person_id.in_(ids))),
    ):
        for number, field, at in _seen(query):
            if (category := _OWNED[class_].get(field)) is not None:
                found[number].append((at, category))
    return found


def _seen(query: Any) -> Sequence[Any]:
    return db.session.execute(query, execution_options=seen_by_program("recipients")).all()
