"""The waiting room: who was deleted by hand is there for nobody, and can still be brought back."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from wesentra import clock
from wesentra.actor import current
from wesentra.erasure import door, held, pledges, restricted
from wesentra.erasure.reasons import HAND
from wesentra.models import Departure, db
from wesentra.refusal import NotFound
from wesentra.texts import mark

PORTION = 200
"""Of so many at once the waiting is over; each portion is a transaction of its own."""


def days() -> int:
    """How long one waits; 0 where there is no waiting room."""
    return pledges.settings_of_register().waiting_days


def send(contacts: Collection[int], companies: Collection[int]) -> None:
    """Let these go: for some days they can be brought back, without waiting days they are erased.

    A sole trader's company waits with the person; one that waits already does so no longer than
    before. Raises NotFound for who waits already.
    """
    if not days():
        door.erase(contacts, companies, HAND)
        return
    by_itself = dict.fromkeys(companies)
    theirs = {number: person for person in contacts for number in door.with_companies([person], ())}
    for kind, numbers in (("contact", contacts), ("company", companies)):
        _demand_none_waits(kind, numbers)
    for person in contacts:
        _begin("contact", person, None)
    for number, owner in {**by_itself, **theirs}.items():
        _begin("company", number, owner)
    if contacts:
        current().deed("delete", "contact", sorted(contacts), ["departed"])
    if firms := {*by_itself, *theirs}:
        current().deed("delete", "company", sorted(firms), ["departed"])


def _demand_none_waits(kind: str, numbers: Collection[int]) -> None:
    """Somebody else has deleted them at the same moment: they are not there any more."""
    own = select(Departure.id).where(Departure.kind == kind, Departure.number.in_(numbers))
    if db.session.scalar(own.limit(1)) is not None:
        raise NotFound(mark("This was deleted already."))


def _begin(kind: str, number: int, with_contact: int | None) -> None:
    own = select(Departure).where(Departure.kind == kind, Departure.number == number)
    if db.session.scalar(own) is not None:
        return
    now = clock.now()
    until = now + timedelta(days=days())
    times = {"since": now, "until": until, "sent_by": current().user_id}
    db.session.add(Departure(kind=kind, number=number, with_contact=with_contact, **times))
    db.session.flush()


def listed(sent_by: int | None = None) -> Sequence[Departure]:
    """Who waits, the newest first; `sent_by` asks for those whom one user has deleted.

    A sole trader's company is not listed beside its person.
    """
    query = select(Departure).where(Departure.with_contact.is_(None))
    if sent_by is not None:
        query = query.where(Departure.sent_by == sent_by)
    return db.session.scalars(query.order_by(Departure.since.desc(), Departure.id.desc())).all()


def one(departure_id: int, sent_by: int | None) -> Departure:
    """One who waits, as far as `listed` has them; raises NotFound when the waiting is over."""
    whose = [Departure.id == departure_id]
    if sent_by is not None:
        whose.append(Departure.sent_by == sent_by)
    found = db.session.scalar(select(Departure).where(*whose).with_for_update())
    if found is None:
        raise NotFound(mark("Nobody waits under this number: brought back already, or erased."))
    return found


def bring_back(departure: Departure) -> None:
    """They are there again with everything, as if they had never gone."""
    own: ColumnElement[bool] = Departure.id == departure.id
    if departure.kind == "contact":
        own |= Departure.with_contact == departure.number
    query = select(Departure).where(own).order_by(Departure.id).with_for_update()
    for each in db.session.scalars(query).all():
        current().deed("update", each.kind, [each.number], ["returned"])
        db.session.delete(each)


@contextmanager
def seen() -> Iterator[None]:
    """Let whoever acts see those who wait, to be sure that it is the right one."""
    acting = current()
    before = acting.sight
    acting.sight = replace(before, waiting=True)
    try:
        yield
    finally:
        acting.sight = before


def erase_due() -> int:
    """Erase those whose waiting is over, a portion of them; how many there were.

    Whose processing was restricted meanwhile, or whom a hold keeps, waits on: a company, by its
    person, and a person by their company. Who is being brought back at this moment is waited for.
    """
    due = select(Departure).where(Departure.until <= clock.now()).order_by(Departure.id)
    found = _free(db.session.scalars(due.with_for_update()).all())[:PORTION]
    numbers = {
        kind: [each.number for each in found if each.kind == kind]
        for kind in ("contact", "company")
    }
    for each in found:
        db.session.delete(each)
    if found:
        door.erase_waited(numbers["contact"], numbers["company"])
    return len(found)


def _free(waiting: Sequence[Departure]) -> list[Departure]:
    people = {each.number for each in waiting if each.kind == "contact"}
    alone = {each.number for each in waiting if each.kind == "company"}
    firms = door.with_companies(people, alone)
    owners, kept = door.owners_of(firms), held.among("company", firms)
    closed = restricted.among({*people, *owners.values()}) | door.held_among(people)
    return [
        each
        for each in waiting
        if (each.number if each.kind == "contact" else owners.get(each.number)) not in closed
        and (each.kind == "contact" or each.number not in kept)
    ]
