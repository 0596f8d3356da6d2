"""Questions about erasures: tombstones, and the names of those who wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import load_only

from wesentra.erasure import mentions, recipients, residue, waiting
from wesentra.models import Company, Contact, Departure, Tombstone, db

PAGE = 50
KINDS = ("contact", "company")


@dataclass(frozen=True)
class Page:
    """One page of tombstones, the newest first, and the number before which the next begins."""

    stones: Sequence[Tombstone]
    before: int | None


def page(before: int | None = None) -> Page:
    """Tombstones under the number `before`."""
    query = select(Tombstone).order_by(Tombstone.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(Tombstone.id < before)
    found = db.session.scalars(query).all()
    return Page(found, found[-1].id if len(found) == PAGE else None)


def count() -> int:
    """How many were erased in all."""
    return db.session.scalar(select(func.count(Tombstone.id))) or 0


def left_since() -> datetime | None:
    """Since when bytes of somebody erased are in the files of the database."""
    return residue.since(db.session.connection())


def name_of(kind: str, number: int) -> str:
    """Who it is, one who waits as well; nothing where one's purpose does not show them. It is a
    look."""
    with waiting.seen():
        if kind == "company":
            firm = select(Company).options(load_only(Company.name, Company.person_id))
            company = db.session.scalar(firm.where(Company.id == number))
            return company.name if company else ""
        person = select(Contact).options(load_only(Contact.given_name, Contact.family_name))
        contact = db.session.scalar(person.where(Contact.id == number))
        return contact.name if contact else ""


def names_of(departures: Sequence[Departure]) -> dict[tuple[str, int], str]:
    """Who they are that wait, by kind and number, as far as one's purpose shows them. A look."""
    numbers = {kind: [one.number for one in departures if one.kind == kind] for kind in KINDS}
    people = select(Contact).options(load_only(Contact.given_name, Contact.family_name))
    firms = select(Company).options(load_only(Company.name, Company.person_id))
    with waiting.seen():
        found: list[Contact | Company] = [
            *db.session.scalars(people.where(Contact.id.in_(numbers["contact"]))),
            *db.session.scalars(firms.where(Company.id.in_(numbers["company"]))),
        ]
    return {(one.__tablename__, one.id): one.name for one in found}


def told_with(contact_id: int) -> dict[str, Any]:
    """What is told of somebody who goes: the texts of others that name them, and the recipients
    of their data, who are still to be told."""
    with waiting.seen():
        untold = recipients.untold(contact_id)
    return {"mentions": mentions.of(contact_id), "recipients": untold}
