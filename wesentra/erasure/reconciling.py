"""The ledger and the tombstones say the same, also after a crash between the two."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from wesentra import clock
from wesentra.erasure import ledger
from wesentra.models import Company, Contact, Tombstone, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import Base
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

LONGEST = timedelta(hours=1)
"""No transaction that erases takes so long: what is still open then was broken off."""
PORTION, MOST_SAID = 500, 20
"""Numbers that are asked for at once, and that a sentence names."""
BACK = mark(
    "%(count)s who are erased by the ledger of erasures are in the register: the database is an "
    "older copy, or the ledger another register’s. Put a backup back (wesentra restore), or erase "
    "them again (wesentra erase): %(numbers)s"
)
_stones = Base.metadata.tables[Tombstone.__tablename__]


def reconcile(connection: Connection, settings: Settings) -> None:
    """Write what the ledger lacks: whom an erasure took, that it was done or was broken off.

    Raises Refused for a ledger that cannot be read or written.
    """
    said, done = ledger.states(settings), _erasures(connection)
    for erasure, (at, contacts, companies) in done.items():
        whole = erasure in said and said[erasure].names(contacts, companies)
        if not whole:
            ledger.write(settings, erasure, ledger.INTENT, contacts, companies, at)
        if not whole or said[erasure].state != ledger.DONE:
            ledger.write(settings, erasure, ledger.DONE, at=at)
    broken_off = clock.now() - LONGEST
    for erasure, kept in said.items():
        if kept.state == ledger.INTENT and erasure not in done and kept.at < broken_off:
            ledger.write(settings, erasure, ledger.VOID)


def keep_what_was_begun(settings: Settings) -> None:
    """What was begun and counted as erased at a restore counts at each later one.

    The tombstones of the restored database know nothing of it, and would have it taken back.
    """
    for erasure, kept in ledger.states(settings).items():
        if kept.state == ledger.INTENT:
            ledger.write(settings, erasure, ledger.DONE)


def demand_nobody_back(settings: Settings) -> None:
    """See that nobody is in the register whom the ledger knows as erased; seen by the program.

    Raises Refused with their numbers: the database is an older copy, which somebody put back past
    `wesentra restore`. Who was added after that erasure is somebody else, and so is not meant.
    """
    said = ledger.states(settings).items()  # first: what it knows as done has a tombstone by now
    stones = set(db.session.scalars(select(_stones.c.erasure).distinct()))
    gone = [kept for name, kept in said if name not in stones and kept.state == ledger.DONE]
    back = [
        *_back(Contact, {number: one.at for one in gone for number in one.contacts}),
        *_back(Company, {number: one.at for one in gone for number in one.companies}),
    ]
    if back:
        raise Refused(BACK, count=len(back), numbers=", ".join(back[:MOST_SAID]))


def _back(model: type[Contact | Company], gone: Mapping[int, datetime]) -> Iterator[str]:
    numbers = sorted(gone)
    for first in range(0, len(numbers), PORTION):
        own = model.id.in_(numbers[first : first + PORTION])
        query = select(model.id, model.created_at).where(own).order_by(model.id)
        for row in db.session.execute(query, execution_options=seen_by_program("erasure")):
            if row.created_at.replace(microsecond=0) <= gone[row.id]:  # as the ledger writes it
                yield f"{row.id}" if model is Contact else f"--company {row.id}"


def _erasures(connection: Connection) -> dict[str, tuple[datetime, list[int], list[int]]]:
    """The erasures that have tombstones: when, which contacts, which companies."""
    found: dict[str, tuple[datetime, list[int], list[int]]] = {}
    columns = (_stones.c.erasure, _stones.c.erased_at, _stones.c.kind, _stones.c.number)
    for erasure, erased_at, kind, number in connection.execute(select(*columns)):
        _, contacts, companies = found.setdefault(erasure, (erased_at, [], []))
        (contacts if kind == "contact" else companies).append(number)
    return found
