"""What is done about disclosures; nothing is committed here."""

from collections.abc import Collection
from datetime import date

from wesentra import clock
from wesentra.actor import current
from wesentra.models import Contact, Disclosure, db
from wesentra.models.disclosure import Cause
from wesentra.refusal import Refused
from wesentra.texts import mark

TOLD, UNDONE = "told", "undone"
"""Outcomes beside those of `WHY_UNTOLD`: told, and nothing yet, which was noted by mistake."""
EARLIEST = date(1990, 1, 1)


def note(
    contact: Contact, recipient: str, basis: str, categories: Collection[str], day: date
) -> Disclosure:
    """Note that these categories of a person's data went to a recipient.

    Refused for a day that has not come, or before there were such registers.
    """
    if day > clock.today():
        raise Refused(mark("The day lies in the future."), field="disclosed_on")
    if day < EARLIEST:
        raise Refused(mark("Choose a day after 1989."), field="disclosed_on")
    made = Disclosure(
        contact_id=contact.id,
        recipient=recipient,
        basis=basis,
        categories=sorted(categories),
        disclosed_on=day,
        created_at=clock.now(),
        created_by=current().user_id,
        told_of="",
        not_told="",
    )
    db.session.add(made)
    return made


def tell(one: Disclosure, told_of: str, outcome: str, due: Collection[Cause]) -> None:
    """Note of what a recipient was told, or why not (`outcome`: TOLD or a code of `Untold`).

    The same once more changes nothing, as long as nothing new is `due`.
    """
    not_told = "" if outcome == TOLD else outcome
    if (one.told_of, one.not_told) == (told_of, not_told) and not due:
        return
    one.told_of, one.not_told = told_of, not_told
    one.told_at, one.told_by = clock.now(), current().user_id


def untell(one: Disclosure) -> None:
    """It was noted by mistake: the recipient knows of nothing yet."""
    one.told_of = one.not_told = ""
    one.told_at = one.told_by = None


def remove(one: Disclosure) -> None:
    """Nothing was disclosed: it was noted by mistake, or of the wrong person."""
    db.session.delete(one)
