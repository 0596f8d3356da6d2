"""A backup is tried out: restored elsewhere, looked over, and removed again. Nothing here changes.

The entry about it is what the dashboard and `wesentra doctor` count from.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import URL

from wesentra import instance as instances
from wesentra.actor import current
from wesentra.audit import evidence
from wesentra.audit.entry import Operation
from wesentra.erasure import ledger
from wesentra.models.base import db
from wesentra.operations import schema
from wesentra.operations.backups import (
    contents,
    door,
    finishing,
    leftovers,
    opening,
    postgresql,
    scratch,
)
from wesentra.operations.backups.contents import Manifest
from wesentra.operations.backups.making import ABOUT
from wesentra.operations.committing import commit
from wesentra.settings import Settings


@dataclass(frozen=True)
class Tried:
    """What was found in a backup: its moment, people, companies and entries of its log, how many
    would be erased again, and how long it took."""

    at: datetime
    contacts: int
    companies: int
    entries: int
    erased: int
    seconds: float


def out(settings: Settings, name: str, source: IO[bytes], key: X25519PrivateKey) -> Tried:
    """Restore a backup into a folder of its own (mode 700) and open it, for whoever acts.

    The log is verified, everybody in the erasure ledger erased. Raises Refused for a backup that
    could not be restored; nothing is left over in either case.
    """
    begun = time.monotonic()
    leftovers.sweep(settings)
    with leftovers.own_folder(settings.instance, leftovers.TEST) as folder:
        manifest = opening.unpacked(name, source, key, folder)
        opening.demand_ours(settings, manifest, name)
        with _elsewhere(settings, manifest, folder) as copy:
            tried = _looked_over(settings, copy, manifest, begun)
    current().event(Operation.RESTORE_TEST, ABOUT)
    commit(changes=False)
    return tried


@contextmanager
def _elsewhere(settings: Settings, manifest: Manifest, folder: Path) -> Iterator[Settings]:
    """The backup as a register of its own, that tells nobody anything and writes in no ledger."""
    apart = {"backup_folder": None, "erasure_ledger": None, **finishing.NOWHERE}
    copy = replace(settings, instance=folder, **apart)
    if manifest.kind == "sqlite":
        path = str(folder / instances.DATABASE)
        url = URL.create("sqlite", database=path).render_as_string(hide_password=False)
        yield replace(copy, database_url=url, database_owner_url=url)
        return
    with scratch.database(settings.database_owner_url) as address:
        with (folder / contents.DATABASES["postgresql"]).open("rb") as dumped:
            postgresql.restore(address, dumped)
        yield replace(copy, database_url=address, database_owner_url=address)


def _looked_over(settings: Settings, copy: Settings, manifest: Manifest, begun: float) -> Tried:
    schema.upgrade(copy)
    with finishing.acting_in(copy):
        verdict = evidence.of_register(db.engine, copy.instance)
        if verdict.finding is not None:
            raise evidence.refusal(verdict.finding)
        erased = finishing.erase_again(list(ledger.erased(settings)))
        door.retention_run(copy)
        commit(changes=True)
        contacts, companies = finishing.counted()
    seconds = time.monotonic() - begun
    return Tried(manifest.at, contacts, companies, verdict.entries, erased, seconds)
