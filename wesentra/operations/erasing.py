"""What the way out does by itself: whose waiting is over goes, and what is left over is cleared."""

import logging
from datetime import datetime, timedelta

from wesentra import clock
from wesentra.crm.imports import expiring
from wesentra.erasure import reconciling, residue, waiting
from wesentra.models.base import db, meant_to_write
from wesentra.operations import schema
from wesentra.operations.committing import commit
from wesentra.refusal import Refused
from wesentra.sentences import say
from wesentra.settings import Settings
from wesentra.texts import mark

NIGHT, LONGEST = range(1, 6), timedelta(days=2)
"""Hours in Finland in which a large file is written anew; after so long, at any."""
log = logging.getLogger(__name__)


def at_start(settings: Settings) -> None:
    """Before anybody is served: what a crash has left open is closed.

    A ledger that is away (a share that is not mounted) keeps nobody from work: the job of the night
    says it, and until then nobody is erased.
    """
    try:
        with schema.opened(settings.database_url, to_write=False) as connection:
            reconciling.reconcile(connection, settings)
    except Refused as refused:
        log.error("%s", say(refused.sentence, refused.values, settings.language))


def reconcile(settings: Settings) -> None:
    """The ledger says what the tombstones say. Raises Refused where it cannot be written, and for
    people who are there although they were erased."""
    with db.engine.connect() as connection:
        reconciling.reconcile(connection, settings)
    reconciling.demand_nobody_back(settings)


def leave(_settings: Settings) -> None:
    """Erase those whose time in the waiting room is over, and rows that old imports have left."""
    with meant_to_write():
        expiring.forget_old()
        commit(changes=True)
        while waiting.erase_due():
            commit(changes=True)


def lacks(_settings: Settings) -> bool:
    """Whether bytes of somebody erased are still in the files, and it is time to clear them."""
    with db.engine.connect() as connection:
        left = residue.since(connection)
        return left is not None and (residue.is_small(connection) or _is_quiet(left))


def clear(_settings: Settings) -> None:
    """Cut the write-ahead log and write the file anew. Raises Refused while that cannot be."""
    if db.engine.dialect.name != "sqlite":
        return
    with db.engine.connect() as connection:
        left = residue.since(connection)
        small = residue.is_small(connection)
    quiet = left is not None and _is_quiet(left)
    if not residue.clear(db.engine, at_length=quiet) and (small or quiet):
        raise Refused(
            mark(
                "What was erased is still in the files of the database: somebody reads for long, "
                "or the disk is full."
            )
        )


def _is_quiet(left: datetime) -> bool:
    """Whether it is night, when nobody is kept from writing, or nights have gone by without it."""
    now = clock.now()
    return now.astimezone(clock.HELSINKI).hour in NIGHT or now - left > LONGEST
