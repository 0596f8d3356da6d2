"""The one way out as a restore takes it, and the ledger that it follows.

The ledger is kept apart from the database: one line for each person and company that was erased,
numbers and moments only.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from wesentra.instance import OWNER_ONLY_FILE
from wesentra.models import Company, Contact, db
from wesentra.settings import Settings

WHY = "restored"


@dataclass(frozen=True)
class Erased:
    """A line of the ledger: whose number ("contact" or "company"), and when."""

    kind: str
    number: int
    at: datetime


def path_of(settings: Settings) -> Path:
    """Where the ledger lies."""
    named: Path | None = getattr(settings, "erasure_ledger", None)
    return named or settings.instance / "erasures.jsonl"


def begin_ledger(settings: Settings) -> None:
    """An empty ledger where none is: it says that nobody was erased, and a missing one nothing.

    Only in the instance's folder: elsewhere it may be away for now, as a share is.
    """
    if path_of(settings).parent == settings.instance:
        with suppress(OSError):
            path_of(settings).touch(OWNER_ONLY_FILE)


def erased(settings: Settings) -> Iterator[Erased]:
    """Everybody who was erased, in their order."""
    file = path_of(settings)
    if not file.exists():
        return
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            said = json.loads(line)
            yield Erased(said["kind"], said["number"], datetime.fromisoformat(said["at"]))


def erase(contacts: Collection[int], companies: Collection[int], why: str, rule: str = "") -> None:
    """Erase people and companies for whoever acts, in the transaction that runs."""
    for company in db.session.scalars(select(Company).where(Company.id.in_(companies))):
        db.session.delete(company)
    for contact in db.session.scalars(select(Contact).where(Contact.id.in_(contacts))):
        db.session.delete(contact)
    db.session.flush()


def retention_run(settings: Settings) -> None:
    """Let everybody go whose time has come while the backup lay there."""
