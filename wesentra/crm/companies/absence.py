"""Why a person, or a company that is one, is not there for whoever asks: the program's own look."""

from typing import Any

from sqlalchemy import Select, select

from wesentra.actor import current
from wesentra.models import Company, Contact, Objection, Purpose, Restriction, db
from wesentra.models.attribution import seen_by_program
from wesentra.refusal import Closed, NotFound, OutsidePurpose, Refused
from wesentra.sight import MARKETING, Sight, sight_of
from wesentra.texts import mark


def of_contact(contact_id: int) -> Refused:
    """The refusal that says why this contact is not shown."""
    own = Contact.id == contact_id, Contact.pending_import_id.is_(None)
    group = _seen(select(Contact.group).where(*own))
    if group is None:
        return NotFound(mark("This contact is not in the register."))
    if not _is_seen(contact_id, group, current().sight):
        return OutsidePurpose()
    if is_restricted(contact_id):
        return Closed(contact_id)
    return NotFound(mark("This contact is not in the register."))


def of_company(company_id: int) -> Refused:
    """The refusal that says why this company is not shown: mostly there is none."""
    own = Company.id == company_id, Company.pending_import_id.is_(None)
    person = _seen(select(Company.person_id).where(*own))
    if person is None:
        return NotFound(mark("This company is not in the register."))
    return of_contact(person)


def demand(contact_id: int, purpose: str) -> None:
    """Refuse a purpose under which this person would not be there."""
    own = db.session.get(Purpose, purpose)
    if own is None:
        raise Refused(mark("There is no such purpose."), field="purpose")
    group = _seen(select(Contact.group).where(Contact.id == contact_id))
    if not _is_seen(contact_id, str(group), sight_of(own.key, own.groups, own.categories)):
        raise Refused(
            mark("This person is not handled for this purpose. Choose another one."),
            field="purpose",
        )


def _is_seen(contact_id: int, group: str, sight: Sight) -> bool:
    if sight.groups is not None and group not in sight.groups:
        return False
    return sight.objecting or not objects(contact_id)


def objects(contact_id: int) -> bool:
    """Whether a contact objects to marketing now."""
    standing = Objection.kind == MARKETING, Objection.withdrawn_at.is_(None)
    query = select(Objection.id).where(Objection.contact_id == contact_id, *standing)
    return _seen(query.limit(1)) is not None


def is_restricted(contact_id: int) -> bool:
    """Whether a contact's processing is restricted now."""
    standing = Restriction.contact_id == contact_id, Restriction.lifted_at.is_(None)
    return _seen(select(Restriction.id).where(*standing).limit(1)) is not None


def _seen(query: Select[Any]) -> Any:
    return db.session.scalar(query, execution_options=seen_by_program("absence"))
