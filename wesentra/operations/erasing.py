"""What the way out does by itself: whose waiting is over goes, and what is left over is cleared."""

import logging

from wesentra.erasure import reconciling, residue, waiting
from wesentra.models.base import db, meant_to_write
from wesentra.operations import schema
from wesentra.operations.committing import commit
from wesentra.refusal import Refused
from wesentra.sentences import say
from wesentra.settings import Settings
from wesentra.texts import mark

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
    """Erase those whose time in the waiting room is over."""
    with meant_to_write():
        while waiting.erase_due():
            commit(changes=True)


def lacks(_settings: Settings) -> bool:
    """Whether bytes of somebody erased are still in the files."""
    with db.engine.connect() as connection:
        return residue.since(connection) is not None


def clear(_settings: Settings) -> None:
    """Cut the write-ahead log. Raises Refused while somebody's reading keeps it."""
    if db.engine.dialect.name == "sqlite" and not residue.clear(db.engine):
        raise Refused(
            mark("Somebody reads for long, so what was erased is still in the write-ahead log.")
        )
