"""Questions about restrictions and openings."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import load_only

from wesentra.models import Contact, Opening, Restriction, User, db
from wesentra.refusal import NotFound
from wesentra.texts import mark

MOST = 100


def demand(contact_id: int) -> None:
    """See that there is such a person, of whom the page tells at least that; lock them."""
    own = select(Contact).where(Contact.id == contact_id, Contact.pending_import_id.is_(None))
    if db.session.scalar(own.options(load_only(Contact.id)).with_for_update()) is None:
        raise NotFound(mark("This contact is not in the register."))


def standing(contact_id: int) -> Restriction | None:
    """The restriction that a person is under now."""
    own = Restriction.contact_id == contact_id, Restriction.lifted_at.is_(None)
    return db.session.scalar(select(Restriction).where(*own).limit(1))


def everybody() -> Sequence[Restriction]:
    """Who is restricted now, longest first: by number, since the list shows nobody's name."""
    query = select(Restriction).where(Restriction.lifted_at.is_(None))
    shown = load_only(Restriction.contact_id, Restriction.since, Restriction.ground)
    return db.session.scalars(query.options(shown).order_by(Restriction.since).limit(MOST)).all()


def openings(contact_id: int) -> Sequence[Opening]:
    """Who opened a person and why, the newest first."""
    query = select(Opening).where(Opening.contact_id == contact_id)
    return db.session.scalars(query.order_by(Opening.id.desc()).limit(MOST)).all()


def user_names() -> dict[int, str]:
    """The full names of all users by id."""
    return dict(db.session.execute(select(User.id, User.full_name)).all())
