"""Whether the register could be put back, and what a restore has left in the clear."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from wesentra.audit import keys
from wesentra.operations.backups import identity, keeping, making, postgresql, snapshot
from wesentra.operations.doctor.checked import Checked, good, weak, wrong
from wesentra.settings import Settings
from wesentra.texts import mark

WHAT, TEST = mark("Backups"), mark("Test of a backup")
ASIDE = mark("Register moved aside")
YOUNG, TRIED = timedelta(hours=36), timedelta(days=365)
"""One a night, and half a day more for a machine that is off; a test a year."""
BY_HAND = mark("wesentra backup FILE makes one and shows the key.")


def of_files(settings: Settings, now: datetime) -> list[Checked]:
    """What the folders tell: the newest backup, and registers that a restore moved aside."""
    return [*made(settings, _newest(settings), now), *_aside(settings)]


def _newest(settings: Settings) -> datetime | None:
    if settings.backup_folder is None or not (settings.instance / keys.PUBLIC).exists():
        return None
    return keeping.newest(settings.backup_folder, making.register_of(settings.instance))


def made(settings: Settings, newest: datetime | None, now: datetime) -> list[Checked]:
    """Whether there is a key, a folder, and a young backup in it."""
    if identity.recipient(settings.instance) is None:
        return [weak(WHAT, mark("there is no key for them: none was ever made."), BY_HAND)]
    if settings.backup_folder is None:
        mend = mark("Set backup_folder, best to a share of another machine.")
        return [weak(WHAT, mark("none is made by itself."), mend)]
    mend = mark("wesentra jobs run makes one and says what is in the way.")
    if newest is None:
        said = mark("there is none in %(folder)s.")
        return [wrong(WHAT, said, mend, folder=settings.backup_folder)]
    if now - newest > YOUNG:
        return [wrong(WHAT, mark("the newest is of %(day)s."), mend, day=newest)]
    if _same_disk(settings.backup_folder, settings.instance):
        said = mark("the newest is of %(day)s, on the disk of the register itself.")
        elsewhere = mark("Set backup_folder to a share of another machine.")
        return [weak(WHAT, said, elsewhere, day=newest)]
    return [good(WHAT, mark("the newest is of %(day)s."), day=newest)]


def tried(last: date | None, today: date) -> list[Checked]:
    """Whether somebody has seen that a backup can be restored."""
    mend = mark("wesentra restore FILE --test tries one out and changes nothing.")
    if last is None:
        return [weak(TEST, mark("no backup was ever tried out."), mend)]
    if today - last > TRIED:
        return [weak(TEST, mark("a backup was tried out last on %(day)s."), mend, day=last)]
    return [good(TEST, mark("a backup was tried out on %(day)s."), day=last)]


def _aside(settings: Settings) -> list[Checked]:
    """Folders with a whole register in the clear, erased people and all."""
    said = mark("%(folder)s has a whole register in it, and people who were erased since.")
    mend = mark("Remove it when you do not need it: rm -r %(folder)s")
    return [weak(ASIDE, said, mend, folder=folder) for folder in _folders(settings)]


def schemas(names: Iterable[str]) -> list[Checked]:
    """The same on PostgreSQL, where it is a schema."""
    said = mark("the schema %(name)s has a whole register in it, and people who were erased since.")
    mend = mark("Remove it when you do not need it: DROP SCHEMA %(name)s CASCADE")
    return [weak(ASIDE, said, mend, name=name) for name in names]


def _folders(settings: Settings) -> Sequence[Path]:
    places = {settings.instance}
    if snapshot.kind(settings) == "sqlite":
        places.add(Path(str(make_url(settings.database_url).database)).absolute().parent)
    return sorted(each for place in places for each in place.glob(f"{postgresql.ASIDE}*"))


def _same_disk(folder: Path, instance: Path) -> bool:
    try:
        return folder.stat().st_dev == instance.stat().st_dev
    except OSError:
        return False
