"""Whether the erased are gone from the files, and whether what outlives them is there."""

from datetime import datetime

from wesentra.erasure import ledger, residue, suppression
from wesentra.models.base import db
from wesentra.operations.doctor.checked import Checked, good, refused, weak, wrong
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

ERASED = mark("Erasures")


def of_register(settings: Settings) -> list[Checked]:
    """All of it, as the register and its settings tell."""
    since = residue.since(db.session.connection())
    return [*left(since), *book(settings), *objections(settings, lost=suppression.is_lost())]


def left(since: datetime | None) -> list[Checked]:
    """Whether bytes of somebody erased stand in the files of the database `since` a moment."""
    if since is None:
        return []
    said = mark("what was erased on %(day)s is still in the files of the database.")
    mend = mark(
        "A large file is written anew at night. If it stays: end what keeps the database open for "
        "long, or make room on its disk, then: wesentra jobs run"
    )
    return [weak(ERASED, said, mend, day=since)]


def objections(settings: Settings, *, lost: bool) -> list[Checked]:
    """Whether those who objected and were erased are known again."""
    if not lost:
        return []
    said = mark("%(file)s is missing: whoever objected and was erased is not known again.")
    mend = mark("Put it back from a backup, or from another server of the register.")
    return [wrong(ERASED, said, mend, file=settings.instance / suppression.FILE)]


def book(settings: Settings) -> list[Checked]:
    """Whether the ledger can be read, and lies where no older copy of it comes back."""
    try:
        count = len(ledger.states(settings))
    except Refused as no:
        return [refused(ERASED, no)]
    if settings.erasure_ledger is not None and not settings.erasure_ledger.parent.is_dir():
        folder = settings.erasure_ledger.parent
        said = mark("the folder of the ledger is not there: nobody can be erased.")
        return [wrong(ERASED, said, mark("Make it reachable again: %(folder)s"), folder=folder)]
    if settings.erasure_ledger is None:
        said = mark("the ledger lies beside the database: an older copy of both forgets erasures.")
        mend = mark("Name a file on another machine: erasure_ledger")
        return [weak(ERASED, said, mend)]
    return [good(ERASED, mark("the ledger lies apart, erasures in it: %(count)s."), count=count)]
