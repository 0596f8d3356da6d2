"""Questions about interactions."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import joinedload, load_only

from wesentra.models import Contact, FieldChange, Interaction, Notice, User, db
from wesentra.models.attribution import seen_by_program

NAME_PARTS = {"given_name": "name", "family_name": "name"}
"""Both are asked about together."""


def with_contact(contact_id: int, limit: int = 10) -> Sequence[Interaction]:
    """The newest interactions with one contact, and who was in contact."""
    return db.session.scalars(_newest(), {"contact_id": contact_id, "limit": limit}).all()


@cache
def _newest() -> Select[Interaction]:
    """Put together once: to make it takes longer than to run it."""
    return (
        select(Interaction)
        .options(
            load_only(
                Interaction.contact_id,
                Interaction.at,
                Interaction.channel,
                Interaction.direction,
                Interaction.purpose,
                Interaction.summary,
            ),
            joinedload(Interaction.user).load_only(User.full_name),
        )
        .where(Interaction.contact_id == bindparam("contact_id"))
        .order_by(Interaction.at.desc(), Interaction.id.desc())
        .limit(bindparam("limit", type_=Integer))
    )


def by_user(user_id: int, limit: int = 8) -> Sequence[Interaction]:
    """What one user did last, with whom."""
    return db.session.scalars(
        select(Interaction)
        .options(
            load_only(
                Interaction.contact_id, Interaction.at, Interaction.channel, Interaction.direction
            ),
            joinedload(Interaction.contact).load_only(Contact.given_name, Contact.family_name),
        )
        .where(Interaction.user_id == user_id)
        .order_by(Interaction.at.desc(), Interaction.id.desc())
        .limit(limit)
    ).all()


def was_told(contact_id: int) -> bool:
    """Whether the contact was ever told where we got their data (Arts. 13, 14 GDPR)."""
    found = db.session.scalar(
        select(Notice.id).where(Notice.contact_id == contact_id).limit(1),
        execution_options=seen_by_program("notice"),
    )
    return found is not None


def last_changes(contact_id: int) -> dict[str, datetime]:
    """For each field that is asked about, when somebody last typed another value into it."""
    changes = db.session.scalars(
        select(FieldChange)
        .options(load_only(FieldChange.contact_id, FieldChange.field, FieldChange.at))
        .where(
            FieldChange.contact_id == contact_id,
            FieldChange.user_id.is_not(None),
            FieldChange.import_id.is_(None),
        )
        .order_by(FieldChange.at)
    )
    return {NAME_PARTS.get(change.field, change.field): change.at for change in changes}


def saved_as(token: str) -> int | None:
    """Whom the form with this token was already saved for: a second sending changes nothing."""
    return db.session.scalar(
        select(Interaction.contact_id).where(Interaction.token == token),
        execution_options=seen_by_program("sent twice"),
    )
