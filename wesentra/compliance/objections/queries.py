"""Questions about objections."""

from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import load_only

from wesentra.models import Contact, Objection, db
from wesentra.refusal import NotFound
from wesentra.sight import MARKETING
from wesentra.texts import mark


def standing(contact_id: int) -> Objection | None:
    """The objection to marketing that stands now."""
    return db.session.scalar(_standing(), {"contact_id": contact_id})


@cache
def _standing() -> Select[Objection]:
    """Put together once: every page of a person asks it."""
    own = Objection.contact_id == bindparam("contact_id"), Objection.kind == MARKETING
    query = select(Objection).where(*own, Objection.withdrawn_at.is_(None))
    return query.order_by(Objection.id).limit(1)


def to_change(contact_id: int) -> Contact:
    """The person, as far as one sees them, locked against a second sending at the same time."""
    own = select(Contact).where(Contact.id == contact_id, Contact.pending_import_id.is_(None))
    name = load_only(Contact.given_name, Contact.family_name)
    contact = db.session.scalar(own.options(name).with_for_update())
    if contact is None:
        raise NotFound(mark("This contact is not in the register."))
    return contact
