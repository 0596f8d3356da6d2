"""What is done with objections; nothing is committed here."""

from datetime import date

from wesentra import clock
from wesentra.actor import current
from wesentra.compliance.objections import queries
from wesentra.erasure import suppression
from wesentra.models import Contact, Objection, db
from wesentra.refusal import Refused
from wesentra.sight import MARKETING
from wesentra.texts import mark


def note(contact: Contact, said_on: date, channel: str) -> None:
    """The person objects to marketing; one objection is enough, however often it is said."""
    if said_on > clock.today():
        raise Refused(mark("The day lies in the future."), field="said_on")
    if queries.standing(contact.id) is not None:
        return
    db.session.add(
        Objection(
            contact_id=contact.id,
            kind=MARKETING,
            said_on=said_on,
            channel=channel,
            noted_by=current().user_id,
            noted_at=clock.now(),
        )
    )


def withdraw(contact: Contact) -> None:
    """The person does not object any more."""
    if (objection := queries.standing(contact.id)) is not None:
        objection.withdrawn_at = clock.now()
        objection.withdrawn_by = current().user_id
        suppression.forget(contact.id)
