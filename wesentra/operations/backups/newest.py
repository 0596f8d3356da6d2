"""Whether the ledger of erasures that a restore asks is the newest: else nobody knows who was
erased since the backup."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from wesentra.erasure import ledger
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark


def demand(settings: Settings, copy: Path, *, without: bool) -> None:
    """Raises Refused without the ledger, or with one that lacks what the backup's `copy` knows,
    unless somebody goes on `without`. Unread it is used in no case."""
    file, today = ledger.path_of(settings), ledger.states(settings)
    if without:
        return
    if not file.is_file():
        raise Refused(
            mark(
                "There is no erasure ledger at %(file)s: whoever was erased after the backup would "
                "be back. Put it there; if it is lost, or nobody was ever erased, say "
                "--without-ledger."
            ),
            file=file,
        )
    if not _knows(today, ledger.states(replace(settings, erasure_ledger=copy))):
        raise Refused(
            mark(
                "The erasure ledger at %(file)s is older than the backup: whoever was erased since "
                "would be back. Put the newest one there, or say --without-ledger."
            ),
            file=file,
        )


def _knows(today: Mapping[str, ledger.Kept], copy: Mapping[str, ledger.Kept]) -> bool:
    """Whether every erasure of a copy is in today's ledger, with everybody whom it took. Pure."""
    return all(
        name in today and today[name].names(kept.contacts, kept.companies)
        for name, kept in copy.items()
        if kept.state != ledger.VOID
    )
