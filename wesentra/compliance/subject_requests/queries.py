"""Questions about those whose data somebody wants to take out."""

from collections.abc import Iterable

from sqlalchemy import select

from wesentra.actor import current
from wesentra.models import Restriction, db
from wesentra.models.attribution import seen_by_program
from wesentra.refusal import Closed
from wesentra.web.permissions import role_for


def demand(contact_id: int, roles: Iterable[str]) -> None:
    """Refuse (Closed) to take a restricted person out unopened (Art. 18(2) GDPR).

    Who may see restrictions, of whom answering is the work (Art. 15), needs no opening; the entry
    then names that role.
    """
    acting = current()
    if contact_id in acting.opened or not _is_restricted(contact_id):
        return
    role = role_for("restrictions.read", roles)
    if role is None:
        raise Closed(contact_id)
    acting.role = role


def _is_restricted(contact_id: int) -> bool:
    standing = Restriction.contact_id == contact_id, Restriction.lifted_at.is_(None)
    query = select(Restriction.id).where(*standing).limit(1)
    return db.session.scalar(query, execution_options=seen_by_program("subject")) is not None
