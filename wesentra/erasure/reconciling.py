"""The ledger and the tombstones say the same, also after a crash between the two."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from wesentra import clock
from wesentra.erasure import ledger
from wesentra.models import Tombstone
from wesentra.models.base import Base
from wesentra.settings import Settings

LONGEST = timedelta(hours=1)
"""No transaction that erases takes so long: what is still open then was broken off."""
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


def _erasures(connection: Connection) -> dict[str, tuple[datetime, list[int], list[int]]]:
    """The erasures that have tombstones: when, which contacts, which companies."""
    found: dict[str, tuple[datetime, list[int], list[int]]] = {}
    columns = (_stones.c.erasure, _stones.c.erased_at, _stones.c.kind, _stones.c.number)
    for erasure, erased_at, kind, number in connection.execute(select(*columns)):
        _, contacts, companies = found.setdefault(erasure, (erased_at, [], []))
        (contacts if kind == "contact" else companies).append(number)
    return found
