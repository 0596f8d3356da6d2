"""What is pledged in the ledger is kept or taken back with the transaction that it belongs to."""

import logging
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from wesentra.erasure import ledger, residue
from wesentra.models.base import db
from wesentra.refusal import Refused
from wesentra.settings import Settings

PLEDGED = "wesentra_pledged"
log = logging.getLogger(__name__)
DONE = "wesentra_erased"
_settings: WeakKeyDictionary[Engine, Settings] = WeakKeyDictionary()


@dataclass(frozen=True)
class Pledge:
    """One erasure of a transaction (or of a savepoint in it) that is not committed yet."""

    erasure: str
    within: SessionTransaction | None


def settings_of_register() -> Settings:
    """The settings of the installation whose register the session works on."""
    return _settings[db.engine]


def pledge(contacts: Collection[int], companies: Collection[int]) -> str:
    """Write into the ledger that these go, and the name under which it knows that.

    Raises Refused where it cannot be written: then nobody is erased.
    """
    session, erasure = db.session(), uuid.uuid4().hex
    ledger.write(settings_of_register(), erasure, ledger.INTENT, contacts, companies)
    within = session.get_nested_transaction() or session.get_transaction()
    session.info.setdefault(PLEDGED, []).append(Pledge(erasure, within))
    return erasure


def _say(erasures: Collection[str], state: str, settings: Settings) -> None:
    """What cannot be said now is said by the next reconciliation with the tombstones."""
    try:
        for erasure in erasures:
            ledger.write(settings, erasure, state)
    except Refused:
        log.error("the ledger of erasures could not be told what came of %s", ", ".join(erasures))


def _taken_back(session: Session, rolled_back: SessionTransaction | None) -> None:
    """A savepoint, or all, was rolled back."""
    pledged: list[Pledge] = session.info.pop(PLEDGED, [])
    gone = [one for one in pledged if _is_inside(one.within, rolled_back)]
    if kept := [one for one in pledged if one not in gone]:
        session.info[PLEDGED] = kept
    _void(session, gone)


def _is_inside(own: SessionTransaction | None, rolled_back: SessionTransaction | None) -> bool:
    while own is not None and own is not rolled_back:
        own = own.parent
    return own is rolled_back


def _void(session: Session, pledges: Collection[Pledge]) -> None:
    if pledges:
        _say([one.erasure for one in pledges], ledger.VOID, _settings[_engine(session)])


def _committed(session: Session) -> None:
    if PLEDGED in session.info and not session.in_nested_transaction():
        session.info[DONE] = [one.erasure for one in session.info.pop(PLEDGED)]


def _ended(session: Session, transaction: SessionTransaction) -> None:
    """After the commit, when no connection is held any more: the ledger and the files are told."""
    if transaction.parent is not None:
        return
    _void(session, session.info.pop(PLEDGED, ()))
    if erasures := session.info.pop(DONE, None):
        engine = _engine(session)
        _say(erasures, ledger.DONE, _settings[engine])
        try:
            residue.clear(engine)
        except SQLAlchemyError as error:  # the jobs try again
            log.error("bytes of erased people could not be cleared: %s", type(error).__name__)


def _engine(session: Session) -> Any:
    return session.get_bind()


def listen(engine: Engine, settings: Settings) -> None:
    """Follow the transactions of a register, whose settings say where its ledger lies."""
    _settings[engine] = settings
    listeners: tuple[tuple[str, Any], ...] = (
        ("after_soft_rollback", _taken_back),
        ("after_commit", _committed),
        ("after_transaction_end", _ended),
    )
    for name, function in listeners:
        if not event.contains(Session, name, function):
            event.listen(Session, name, function)
