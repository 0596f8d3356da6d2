"""What lies in a backup: a plain tar, so that `age -d FILE | tar x` opens it without Wesentra.

`manifest.json` first: what it is, of which register and moment. Then what the database is no use
without, and the database last:

* `secret.key`: second factors and recovery codes are sealed under it; without it nobody with an
  app comes in.
* `log.key`, `log.pub`: without them the log could be neither verified nor continued.
* `suppression.key`: without it no objection of somebody erased would be known again.
* `settings.toml`: how the register was set; laid down where there is none.
* `tls/`: the authority that browsers trust; without it each had to be told of a new one.
* `erasures.jsonl`: a copy of the erasure ledger, for an installation that has lost its own. The
  ledger itself is kept apart: it never goes back in time, and is never replaced by this copy.

Left out: `backup.pub` (a new key may have been made since), copies of certificates that a server
makes for itself, and whatever is temporary.
"""

import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import IO, Literal, cast

from wesentra import clock
from wesentra import instance as instances
from wesentra.audit import keys
from wesentra.erasure import suppression

FORMAT = 1
MANIFEST, LEDGER = "manifest.json", "erasures.jsonl"
DATABASES = {"sqlite": "wesentra.db", "postgresql": "wesentra.dump"}
"""What the database is called in a backup, by its kind; the second is for `pg_restore`."""
FILES = (instances.SECRET, keys.PRIVATE, keys.PUBLIC, suppression.FILE, instances.SETTINGS)
NEEDED = (instances.SECRET, keys.PRIVATE, keys.PUBLIC)
CERTIFICATES = "tls"
OF_CERTIFICATES = re.compile(r"tls/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
BLOCK = 64 * 1024
LARGEST_MANIFEST = 64 * 1024


class NotABackup(ValueError):
    """Somebody closed something else."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is: its `format`, the fingerprint of the register's log key, the moment of the
    snapshot, the kind of database, its schema and the program's version."""

    register: str
    at: datetime
    kind: Literal["sqlite", "postgresql"]
    schema: str
    program: str
    format: int = FORMAT

    def written(self) -> bytes:
        """As JSON."""
        return json.dumps({**asdict(self), "at": self.at.isoformat()}, indent=1).encode()


def manifest_of(raw: bytes) -> Manifest:
    """Read again what `written` wrote. Raises NotABackup, also for a later format."""
    try:
        said = json.loads(raw)
        found = Manifest(**{**said, "at": datetime.fromisoformat(said["at"])})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotABackup("the manifest") from error
    texts = [getattr(found, one.name) for one in fields(found) if one.name not in ("at", "format")]
    whole = all(isinstance(text, str) for text in texts) and found.at.tzinfo is not None
    if not whole or found.format != FORMAT or found.kind not in DATABASES:
        raise NotABackup("the manifest")
    return found


# --- in -------------------------------------------------------------------------------------


def pack(
    target: io.RawIOBase, manifest: Manifest, folder: Path, ledger: Path, database: IO[bytes]
) -> None:
    """Write a tar of an instance's folder, its erasure ledger and the copy of its database."""
    stream = cast(IO[bytes], target)
    with tarfile.open(fileobj=stream, mode="w|", bufsize=BLOCK) as tar:
        _add(tar, MANIFEST, io.BytesIO(manifest.written()))
        for name, path in _kept(folder, ledger):
            _add(tar, name, io.BytesIO(path.read_bytes()))
        _add(tar, DATABASES[manifest.kind], database)


def _kept(folder: Path, ledger: Path) -> Iterator[tuple[str, Path]]:
    names = [name for name in FILES if (folder / name).is_file()]
    certificates = sorted((folder / CERTIFICATES).glob("*"))
    names += [f"{CERTIFICATES}/{one.name}" for one in certificates if one.is_file()]
    yield from ((name, folder / name) for name in names if name in FILES or _is_certificate(name))
    if ledger.is_file():
        yield LEDGER, ledger


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size = content.seek(0, os.SEEK_END)
    member.mode, member.mtime = instances.OWNER_ONLY_FILE, int(clock.now().timestamp())
    content.seek(0)
    tar.addfile(member, content)


def _is_certificate(name: str) -> bool:
    return OF_CERTIFICATES.fullmatch(name) is not None


# --- out ------------------------------------------------------------------------------------


def unpack(source: io.RawIOBase, folder: Path) -> Manifest:
    """Lay what a tar holds into an empty folder, each file its owner's only; nothing beside it.

    Read to its last byte, so that what is missing at the end is noticed. Raises NotABackup,
    `header.NotOpened` for what was changed, and OSError where there is no room.
    """
    manifest = None
    try:
        for name, size, content in _members(source):
            if manifest is None:
                manifest = _first(name, size, content)
            else:
                _lay(content, folder, _allowed(name, manifest))
    except tarfile.TarError as error:
        raise NotABackup("no tar") from error
    while source.read(BLOCK):
        pass
    needed = (*NEEDED, DATABASES[manifest.kind]) if manifest else ()
    if manifest is None or not all((folder / name).is_file() for name in needed):
        raise NotABackup("not whole")
    return manifest


def _members(source: io.RawIOBase) -> Iterator[tuple[str, int, IO[bytes]]]:
    """The name, the size and the content of each file in a tar."""
    with tarfile.open(fileobj=cast(IO[bytes], source), mode="r|", bufsize=BLOCK) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise NotABackup("no plain file")
            yield member.name, member.size, content


def _first(name: str, size: int, content: IO[bytes]) -> Manifest:
    if name != MANIFEST or size > LARGEST_MANIFEST:
        raise NotABackup("no manifest")
    return manifest_of(content.read())


def _allowed(name: str, manifest: Manifest) -> str:
    """A name that a backup has; others would lie wherever somebody wanted them."""
    if name in (*FILES, LEDGER, DATABASES[manifest.kind]) or _is_certificate(name):
        return name
    raise NotABackup("another file")


def _lay(content: IO[bytes], folder: Path, name: str) -> None:
    target = folder / name
    instances.make_folder(target.parent)
    opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, instances.OWNER_ONLY_FILE)
    with os.fdopen(opened, "wb") as file:
        while block := content.read(BLOCK):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
