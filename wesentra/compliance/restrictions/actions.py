"""What is done with restrictions; nothing is committed here."""

from datetime import date

from wesentra import clock
from wesentra.actor import current
from wesentra.compliance.restrictions import queries
from wesentra.models import Opening, Restriction, UserSession, db
from wesentra.refusal import Refused
from wesentra.texts import mark


def place(contact_id: int, ground: str) -> None:
    """Restrict the processing from now on (Art. 18(1)); who is restricted already stays so."""
    queries.demand(contact_id)
    if queries.standing(contact_id) is None:
        db.session.add(
            Restriction(
                contact_id=contact_id,
                since=clock.now(),
                ground=ground,
                placed_by=current().user_id,
            )
        )


def lift(contact_id: int, told_on: date) -> None:
    """End the restriction; the person has to be told before that (Art. 18(3))."""
    queries.demand(contact_id)
    restriction = queries.standing(contact_id)
    if restriction is None:
        return
    if told_on > clock.today():
        raise Refused(mark("The person has to be told before, not after."), field="told_on")
    if told_on < clock.day_of(restriction.since):
        raise Refused(
            mark("On that day the restriction had not begun: its end was not told yet."),
            field="told_on",
        )
    restriction.told_on = told_on
    restriction.lifted_at = clock.now()
    restriction.lifted_by = current().user_id


def open_for(session_id: int, contact_id: int, reason: str) -> None:
    """Let one user see a restricted person for a while; the entries carry the number of this."""
    if queries.standing(contact_id) is None:
        return
    acting, now = current(), clock.now()
    opening = Opening(contact_id=contact_id, user_id=acting.user_id, reason=reason, at=now)
    db.session.add(opening)
    db.session.get_one(UserSession, session_id).opened_at = now
    db.session.flush()
    acting.opened = {**acting.opened, contact_id: opening.id}
