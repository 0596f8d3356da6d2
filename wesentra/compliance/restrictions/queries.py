"""Questions about restrictions and openings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import load_only

from wesentra.models import Contact, Opening, Restriction, db
from wesentra.models.attribution import seen_by_program
from wesentra.refusal import NotFound
from wesentra.texts import mark

MOST = 100


def demand(contact_id: int) -> None:
    """See that there is such a person, of whom the page tells at least that; lock them."""
    own = select(Contact).where(Contact.id == contact_id, Contact.pending_import_id.is_(None))
    if db.session.scalar(own.options(load_only(Contact.id)).with_for_update()) is None:
        raise NotFound(mark("This contact is not in the register."))


def to_restrict(contact_id: int) -> Contact:
    """A person by name, so that it is the right one who is restricted; raises NotFound."""
    own = select(Contact).where(Contact.id == contact_id, Contact.pending_import_id.is_(None))
    names = load_only(Contact.given_name, Contact.family_name)
    found: Contact | None = db.session.scalar(own.options(names))
    if found is None:
        raise NotFound(mark("This contact is not in the register."))
    return found


def standing(contact_id: int) -> Restriction | None:
    """The restriction that a person is under now."""
    own = Restriction.contact_id == contact_id, Restriction.lifted_at.is_(None)
    return db.session.scalar(select(Restriction).where(*own).limit(1))


def is_closed(contact_id: int) -> bool:
    """Whether a person of the register is restricted now; for the program. Raises NotFound."""
    standing = Restriction.contact_id == Contact.id, Restriction.lifted_at.is_(None)
    closed = select(Restriction.id).where(*standing).exists()
    own = select(closed).where(Contact.id == contact_id, Contact.pending_import_id.is_(None))
    found = db.session.scalar(own, execution_options=seen_by_program("absence"))
    if found is None:
        raise NotFound(mark("This contact is not in the register."))
    return bool(found)


@dataclass(frozen=True)
class Page:
    """One page of a list and the number of the row after which the next one starts (None: this is
    the last)."""

    rows: Sequence[Any]
    after: int | None


def everybody(after: int | None = None) -> Page:
    """Who is restricted now, longest first: by number, since the list shows nobody's name."""
    query = select(Restriction).where(
        Restriction.lifted_at.is_(None), Restriction.id > (after or 0)
    )
    shown = load_only(Restriction.contact_id, Restriction.since, Restriction.ground)
    return _page(query.options(shown).order_by(Restriction.id))


def openings(contact_id: int, after: int | None = None) -> Page:
    """Who opened a person and why, the newest first."""
    query = select(Opening).where(Opening.contact_id == contact_id)
    if after is not None:
        query = query.where(Opening.id < after)
    return _page(query.order_by(Opening.id.desc()))


def _page(query: Select[Any]) -> Page:
    found = db.session.scalars(query.limit(MOST)).all()
    return Page(found, found[-1].id if len(found) == MOST else None)
