"""Who may read the files of the instance folder: the account that serves, and nobody else."""

import os
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE, S_ISDIR

from sqlalchemy import make_url

from wesentra import instance as instances
from wesentra.audit import keys
from wesentra.operations import rotation
from wesentra.operations.doctor.checked import Checked, good, weak, wrong
from wesentra.settings import SECRETS, Settings
from wesentra.texts import mark

WHAT = mark("Files")
OTHERS, OTHERS_WRITE = 0o077, 0o022
"""Bits of a mode that let other accounts do anything, or write."""


@dataclass(frozen=True)
class Entry:
    """A file or a folder as it lies on the disk; `whose` is the number of its account."""

    path: Path
    mode: int
    whose: int
    is_folder: bool = False


def found(settings: Settings) -> list[Entry]:
    """The instance folder first, then what lies in it and has to stay secret."""
    return [_entry(path) for path in _secret(settings) if path.exists()]


def _secret(settings: Settings) -> Iterator[Path]:
    folder = settings.instance
    yield folder
    yield folder / instances.SECRET
    yield folder / rotation.BEFORE
    yield folder / keys.PRIVATE
    if _holds_passwords(folder / instances.SETTINGS):
        yield folder / instances.SETTINGS
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        for end in ("", "-wal", "-shm"):
            yield Path(f"{url.database}{end}")
    yield folder / "tls"
    yield from sorted((folder / "tls").glob("*.key"))


def _holds_passwords(file: Path) -> bool:
    """Whether a password stands in the settings. What cannot be read stopped the start before."""
    if not file.exists():
        return False
    given = tomllib.loads(file.read_text(encoding="utf-8"))
    urls = [given[key] for key in ("database_url", "database_owner_url") if key in given]
    return any(key in given for key in SECRETS) or any(make_url(url).password for url in urls)


def _entry(path: Path) -> Entry:
    about = path.stat()
    return Entry(path, S_IMODE(about.st_mode), about.st_uid, S_ISDIR(about.st_mode))


def check(entries: Sequence[Entry]) -> list[Checked]:
    """What other accounts of the machine could read or change. Windows has no such modes."""
    if os.name == "nt" or not entries:
        return []
    wrongs = [*_opened(entries), *_of_others(entries), *_cut_off(entries)]
    return wrongs or [good(WHAT, mark("only the account that serves reads them."))]


def _opened(entries: Iterable[Entry]) -> Iterator[Checked]:
    for one in entries:
        if one.is_folder and one.mode & OTHERS and not one.mode & OTHERS_WRITE:
            said = mark("other accounts can look into %(file)s.")
            yield weak(WHAT, said, mark("chmod 700 %(file)s"), file=one.path)
        elif one.is_folder and one.mode & OTHERS_WRITE:
            said = mark("other accounts can put their own files into %(file)s.")
            yield wrong(WHAT, said, mark("chmod 700 %(file)s"), file=one.path)
        elif one.mode & OTHERS:
            said = mark("other accounts can read or change %(file)s.")
            yield wrong(WHAT, said, mark("chmod 600 %(file)s"), file=one.path)


def _of_others(entries: Sequence[Entry]) -> Iterator[Checked]:
    """What belongs to another account than the folder: the server may not be able to use it."""
    folder = entries[0]
    for one in entries[1:]:
        if one.whose != folder.whose:
            yield wrong(
                WHAT,
                mark("%(file)s belongs to another account than its folder."),
                mark("chown --reference=%(folder)s %(file)s"),
                file=one.path,
                folder=folder.path,
            )


def _cut_off(entries: Iterable[Entry]) -> Iterator[Checked]:
    """A secret of before, left by a rotation that was ended before its end."""
    for one in entries:
        if one.path.name == rotation.BEFORE:
            said = mark("a change of the secret was cut off; the one of before is in %(file)s.")
            mend = mark(
                "If no app's code is taken, put it back (mv %(file)s %(secret)s) and start the "
                "server anew; otherwise delete it."
            )
            secret = one.path.with_name(instances.SECRET)
            yield wrong(WHAT, said, mend, file=one.path, secret=secret)
