"""Objections that outlive who objected: keyed hashes of the address, and nothing else.

Whoever objected to marketing may not be marketed to because the register forgot it (Art. 21(3)
GDPR): if the same address comes again, the objection is noted at once.

The key lies in a file of its own in the instance folder: `wesentra secrets rotate` leaves it, since
a hash cannot be made anew of what is gone. Several servers of one register have the same file.
"""

import hmac
import secrets
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, time
from functools import cache
from pathlib import Path

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects import postgresql, sqlite

from wesentra import clock
from wesentra.actor import current
from wesentra.erasure import pledges
from wesentra.fold import fold
from wesentra.instance import made_once
from wesentra.models import Contact, Objection, Suppression, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import Base
from wesentra.models.codes import NOTED_AGAIN
from wesentra.sight import MARKETING

FILE = "suppression.key"
_TABLE = Base.metadata.tables[Suppression.__tablename__]


def digest(value: str) -> str:
    """What stands for a mail address, in whatever letters, or a number (E.164)."""
    key = _key(pledges.settings_of_register().instance)
    return hmac.new(key, fold(value.strip()).encode(), "sha256").hexdigest()


@cache
def _key(folder: Path) -> bytes:
    return made_once(folder / FILE, lambda: secrets.token_hex(32).encode())


def is_lost() -> bool:
    """Whether there are hashes and the key that made them is not here: a new one would know none
    of them, and nobody would notice."""
    file = pledges.settings_of_register().instance / FILE
    return not file.exists() and db.session.scalar(select(Suppression.id).limit(1)) is not None


def keep(contacts: Collection[int]) -> None:
    """Keep the addresses of those among these people who object to marketing now.

    Only the month is kept with them: by the moment an address would lead to its tombstone, and so
    to the number of the person in the log. Somebody else may be keeping the same address.
    """
    if not contacts:
        return
    wanted = set(map(digest, _addresses(Contact.id.in_(_objecting(contacts)))))
    month = datetime.combine(clock.today().replace(day=1), time(12), clock.HELSINKI)
    if rows := [{"digest": one, "since": month} for one in sorted(wanted - _kept(wanted))]:
        new = postgresql if db.session.connection().dialect.name == "postgresql" else sqlite
        db.session.execute(new.insert(_TABLE).values(rows).on_conflict_do_nothing())


def note_again(people: Mapping[int, Collection[str]]) -> set[int]:
    """Of contacts, by number with their addresses, those whose owner objected before: the objection
    is noted for each that does not object already."""
    if db.session.scalar(select(Suppression.id).limit(1)) is None or is_lost():
        return set()
    digests = {number: {digest(value) for value in own if value} for number, own in people.items()}
    kept = _kept(set().union(*digests.values()))
    found = {number for number, own in digests.items() if own & kept} - _objecting(digests)
    said = {"kind": MARKETING, "said_on": clock.today(), "channel": NOTED_AGAIN}
    said |= {"noted_by": current().user_id, "noted_at": clock.now()}
    db.session.add_all(Objection(contact_id=number, **said) for number in sorted(found))
    db.session.flush()
    return found


def forget(contact_id: int) -> None:
    """The person takes the objection back: their address is kept here no longer."""
    if is_lost():
        return
    digests = list(map(digest, _addresses(Contact.id == contact_id)))
    for one in db.session.scalars(select(Suppression).where(Suppression.digest.in_(digests))):
        db.session.delete(one)


def _objecting(contacts: Collection[int]) -> set[int]:
    standing = Objection.kind == MARKETING, Objection.withdrawn_at.is_(None)
    query = select(Objection.contact_id).where(Objection.contact_id.in_(contacts), *standing)
    return set(db.session.scalars(query, execution_options=seen_by_program("erasure")))


def _addresses(whose: ColumnElement[bool]) -> Iterator[str]:
    query = select(Contact.email, Contact.phone).where(whose)
    rows = db.session.execute(query, execution_options=seen_by_program("erasure")).all()
    return (value for row in rows for value in row if value)


def _kept(digests: Collection[str]) -> set[str]:
    return set(
        db.session.scalars(select(Suppression.digest).where(Suppression.digest.in_(digests)))
    )
