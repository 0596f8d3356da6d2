"""What comes between a restored database and its first page: nobody comes back who was erased.

Each step may be done again: whoever was killed in one begins anew with the first.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from sqlalchemy import delete, func, select

from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.audit import evidence, keys, restorations
from wesentra.audit.restorations import Restoration
from wesentra.audit.targets import Folder
from wesentra.erasure import door as way_out
from wesentra.erasure import ledger, reconciling
from wesentra.erasure.ledger import Erased
from wesentra.erasure.reasons import RESTORE
from wesentra.models import Company, Contact, PasswordLink, UserSession, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import meant_to_write
from wesentra.operations import schema
from wesentra.operations.backups import door, numbers
from wesentra.operations.committing import commit
from wesentra.settings import Settings
from wesentra.unfinished import Unfinished

NOWHERE: dict[str, Any] = {
    "log_copies": None,
    "log_mail_to": (),
    "log_syslog": None,
    "log_stdout": False,
}
"""Settings by which nobody is told of checkpoints; they follow when the register is open."""
AT_ONCE = 50
"""People that are erased in one transaction."""


@dataclass(frozen=True)
class Finished:
    """What a restore did: its number, the moment of the backup, how many people and companies are
    in the register, how many were erased once more, how many entries of the log are lost (None:
    nobody knows), and what the register that was there before is called now (empty: there was
    none)."""

    number: int
    at: datetime
    contacts: int
    companies: int
    erased: int
    lost: int | None
    aside: str


def finish(settings: Settings, begun: Unfinished) -> Finished:
    """Do whatever has to be done before anybody sees the register, and open it.

    It is done as the owner of the database: on PostgreSQL the application's role is granted its
    rights as the last step, so that no other server sees anything before.
    """
    owners = replace(settings, database_url=settings.database_owner_url)
    schema.upgrade(owners)
    with acting_in(owners):
        said = _tell(settings, begun)
        _close_ways_in()
        gone = list(ledger.erased(settings))
        with meant_to_write():
            numbers.go_beyond(db.session.connection(), begun.numbers, gone)
            commit(changes=True)
        erased = erase_again(gone)
        reconciling.keep_what_was_begun(settings)
        door.retention_run(settings)
        contacts, companies = counted()
        commit(changes=True)
        evidence.checkpoint(db.engine, replace(owners, **NOWHERE))  # a mail server may be away
    schema.upgrade(settings)
    aside = "" if begun.empty else begun.aside
    lost = said.lost - said.last if said.lost else None
    return Finished(said.number, begun.at, contacts, companies, erased, lost, aside)


@contextmanager
def acting_in(settings: Settings) -> Iterator[None]:
    """The program itself acts, inside an application of its own."""
    app = create_app(replace(settings, log_stdout=False))
    acting = Acting(None, "system", "maintenance", str(uuid.uuid4()), "cli", endpoint="restore")
    with (
        app.app_context(),
        force_locale(settings.language),
        acting_as(acting),
        meant_to_write(),
    ):
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def _tell(settings: Settings, begun: Unfinished) -> Restoration:
    """Sign what the log has lost, with an entry."""
    known = max(begun.last or 0, _copied(settings))
    key = keys.signing_key(settings.instance)
    said = restorations.tell(key, begun.at, begun.begun, known)
    commit(changes=True)
    return said


def _close_ways_in() -> None:
    """Nobody is signed in, and no link for a password is good: somebody may have ended either since
    the backup, and sent away whoever had it."""
    for model in (UserSession, PasswordLink):
        ending = delete(model).execution_options(synchronize_session=False)
        db.session.execute(ending)
    commit(changes=True)


def _copied(settings: Settings) -> int:
    """The last entry that the copies of the checkpoints know of; 0 where there are none."""
    if settings.log_copies is None:
        return 0
    try:
        return max((one.last for one in Folder(settings.log_copies).copies()), default=0)
    except (OSError, ValueError):
        return 0


def erase_again(gone: Sequence[Erased]) -> int:
    """Erase everybody in the register whom the ledger knows; how many there were."""
    count = 0
    for first in range(0, len(gone), AT_ONCE):
        batch = gone[first : first + AT_ONCE]
        contacts = _there(Contact, {one.number for one in batch if one.kind == "contact"})
        companies = _there(Company, {one.number for one in batch if one.kind == "company"})
        if contacts or companies:
            way_out.erase(contacts, companies, RESTORE)
            count += len(contacts) + len(companies)
        commit(changes=True)
        db.session.expunge_all()
    return count


def _there(model: type[Contact | Company], numbers_: set[int]) -> set[int]:
    query = select(model.id).where(model.id.in_(numbers_))
    return set(db.session.scalars(query, execution_options=seen_by_program("erasure")))


def counted() -> tuple[int, int]:
    """How many people and companies are in the register."""
    options = seen_by_program("counting")
    found = [
        db.session.scalar(select(func.count(model.id)), execution_options=options) or 0
        for model in (Contact, Company)
    ]
    return found[0], found[1]
