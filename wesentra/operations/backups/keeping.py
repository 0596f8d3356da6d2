"""Backups by themselves: one a night into a folder, and none that is older than it may be.

Whoever was erased is in no backup any more when the last one from before has gone.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wesentra import clock
from wesentra.operations.backups import making
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

NAME = re.compile(r"wesentra-([0-9a-f]{16})-(\d{8}T\d{6}Z)\.age")
"""Whose a backup is (the fingerprint of the log's key) and when it was made."""
MOMENT = "%Y%m%dT%H%M%SZ"
UNFINISHED = timedelta(days=1)
"""After so long nobody writes on a part any more."""


def is_wanted(settings: Settings) -> bool:
    """Whether the settings name a folder for them."""
    return settings.backup_folder is not None


def make(settings: Settings) -> None:
    """Back up into the folder of the settings, if there is one, and let old backups go.

    Those go also where no new one could be made, but never the last. Raises Refused.
    """
    if settings.backup_folder is None:
        return
    register = making.register_of(settings.instance)
    name = f"wesentra-{register}-{clock.now().astimezone(UTC).strftime(MOMENT)}.age"
    try:
        if not settings.backup_folder.is_dir():
            raise Refused(mark("The folder for backups %(folder)s is not there."),
                          folder=settings.backup_folder)  # fmt: skip
        making.to_file(settings, settings.backup_folder / name)
    finally:
        forget(settings.backup_folder, register, settings.backup_keep_days)


def forget(folder: Path, register: str, days: int) -> None:
    """Remove backups of this register that are older than so many days, but for the newest one,
    and parts that a killed program has left over."""
    now = clock.now()
    for file in too_old(_names(folder), register, now - timedelta(days=days)):
        with suppress(OSError):
            (folder / file).unlink()
    for part in folder.glob(f"wesentra-{register}-*{making.PART}"):
        with suppress(OSError):
            if now.timestamp() - part.stat().st_mtime > UNFINISHED.total_seconds():
                part.unlink()


def _names(folder: Path) -> list[str]:
    try:
        return [file.name for file in folder.iterdir()]
    except OSError:
        return []


def too_old(names: Sequence[str], register: str, before: datetime) -> list[str]:
    """Those of this register's backups that were made `before`, but for the newest. Pure."""
    own = sorted(
        (made, name)
        for name in names
        if (found := NAME.fullmatch(name)) and found[1] == register and (made := _moment(found[2]))
    )
    return [name for made, name in own[:-1] if made < before]


def newest(folder: Path, register: str) -> datetime | None:
    """When the newest backup of this register in a folder was made; None where there is none."""
    found = (NAME.fullmatch(name) for name in _names(folder))
    return max(
        (made for one in found if one and one[1] == register and (made := _moment(one[2]))),
        default=None,
    )


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None
