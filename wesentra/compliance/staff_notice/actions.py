"""Note that the staff was heard."""

from datetime import date

from wesentra import clock
from wesentra.actor import current
from wesentra.models import StaffHearing, db
from wesentra.refusal import Refused
from wesentra.texts import mark


def note_hearing(held_on: date, how: str) -> None:
    """Note a hearing that was held; refuses one that is still to come."""
    if held_on > clock.today():
        raise Refused(mark("This day is still to come."), field="held_on")
    noted_by = current().user_id
    db.session.add(StaffHearing(held_on=held_on, how=how, noted_by=noted_by, noted_at=clock.now()))
    current().deed("notice", "log", [], ["hearing"])
