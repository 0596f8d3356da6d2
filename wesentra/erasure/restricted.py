"""Who is restricted is only stored: no way out takes them (Art. 18(1)(b)-(c), 18(2) GDPR)."""

from collections.abc import Collection

from sqlalchemy import Select, select

from wesentra.models import Contact, Restriction, db
from wesentra.models.attribution import seen_by_program
from wesentra.refusal import Refused
from wesentra.texts import mark


class OnlyStored(Refused):
    """Somebody whose processing is restricted was to be erased, whatever the ground."""

    def __init__(self) -> None:
        super().__init__(
            mark(
                "The processing of this person’s data is restricted, so nothing of theirs is "
                "deleted. The privacy contact ends the restriction first."
            )
        )


def among(contact_ids: Collection[int]) -> set[int]:
    """Those of these people who are restricted now; for the program.

    All of them are locked, so that nobody is restricted between the question and the deletion.
    """
    own = Contact.id.in_(contact_ids)
    _seen(select(Contact.id).where(own).order_by(Contact.id).with_for_update())
    standing = Restriction.contact_id.in_(contact_ids), Restriction.lifted_at.is_(None)
    return _seen(select(Restriction.contact_id).where(*standing))


def demand_none(contact_ids: Collection[int]) -> None:
    """Refuse to erase any of these people while one of them is restricted."""
    if among(contact_ids):
        raise OnlyStored


def _seen(query: Select[int]) -> set[int]:
    return set(db.session.scalars(query, execution_options=seen_by_program("erasure")))
