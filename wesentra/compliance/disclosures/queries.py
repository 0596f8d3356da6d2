"""Questions about disclosures: a person's, one of them, and what has to be known to change it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import load_only

from wesentra.actor import current
from wesentra.erasure import waiting
from wesentra.models import Contact, Departure, Disclosure, Restriction, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import IDS_END
from wesentra.refusal import Closed, NotFound
from wesentra.texts import mark

NO_CONTACT = mark("This contact is not in the register.")
NO_DISCLOSURE = mark("There is no disclosure with this number.")


def whose(contact_id: int) -> Contact:
    """The person by name, as far as one sees them, locked against a second sending; raises
    NotFound."""
    own = select(Contact).where(Contact.id == contact_id, Contact.pending_import_id.is_(None))
    names = load_only(Contact.given_name, Contact.family_name)
    found: Contact | None = db.session.scalar(own.options(names).with_for_update())
    if found is None:
        raise NotFound(NO_CONTACT)
    return found


def of_contact(contact_id: int) -> Sequence[Disclosure]:
    """A person's disclosures, the newest first."""
    query = select(Disclosure).where(Disclosure.contact_id == contact_id)
    order = (Disclosure.disclosed_on.desc(), Disclosure.id.desc())
    return db.session.scalars(query.order_by(*order)).all()


def one(disclosure_id: int, everybodys: bool) -> Disclosure:
    """One disclosure, locked. `everybodys`: whose work it is also reaches those who are restricted,
    and whom others have deleted.

    Raises Closed for somebody restricted who was not opened, NotFound for whom one may not see.
    """
    contact_id = _contact_of(disclosure_id)
    if not everybodys and contact_id not in current().opened and _is_restricted(contact_id):
        raise Closed(contact_id)
    query = select(Disclosure).where(Disclosure.id == disclosure_id).with_for_update()
    departure = waits(contact_id)
    if departure is None:
        found = db.session.scalar(query)
    elif everybodys or departure.sent_by == current().user_id:
        with waiting.seen():
            found = db.session.scalar(query)
    else:
        found = None
    if found is None:
        raise NotFound(NO_DISCLOSURE)
    return found


def waits(contact_id: int) -> Departure | None:
    """The person's place in the waiting room."""
    own = Departure.kind == "contact", Departure.number == contact_id
    return db.session.scalar(select(Departure).where(*own))


def _contact_of(disclosure_id: int) -> int:
    own = select(Disclosure.contact_id).where(Disclosure.id == disclosure_id)
    found = _seen(own) if 0 < disclosure_id < IDS_END else None
    if found is None:
        raise NotFound(NO_DISCLOSURE)
    return int(found)


def _is_restricted(contact_id: int) -> bool:
    standing = Restriction.contact_id == contact_id, Restriction.lifted_at.is_(None)
    return _seen(select(Restriction.id).where(*standing).limit(1)) is not None


def _seen(query: Select[Any]) -> Any:
    return db.session.scalar(query, execution_options=seen_by_program("recipients"))
