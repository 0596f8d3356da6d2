"""A backup is opened: decrypted, unpacked and looked at before anything changes."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from wesentra.audit import keys
from wesentra.audit.seal import fingerprint
from wesentra.instance import make_folder
from wesentra.operations import schema
from wesentra.operations.backups import contents, header, postgresql, snapshot, stream
from wesentra.operations.backups.contents import Manifest
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

DAMAGED = mark("%(file)s is damaged or cut off; nothing was restored.")
ROOM = mark("There is no room to unpack the backup in %(folder)s: %(reason)s. Nothing was changed.")


@contextmanager
def opened(name: str, standard_input: IO[bytes]) -> Iterator[IO[bytes]]:
    """The file of a backup; `-` is standard input. Raises Refused for one that cannot be read."""
    if name == "-":
        yield standard_input
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise Refused(
            mark("The file %(file)s cannot be read: %(reason)s."), file=name, reason=error.strerror
        ) from error
    with file:
        yield file


def unpacked(name: str, source: IO[bytes], key: X25519PrivateKey, folder: Path) -> Manifest:
    """Lay a backup into an empty folder. Raises Refused for what nobody closed so for this key."""
    try:
        file_key = header.file_key_of(source, key)
        manifest = contents.unpack(stream.Opening(source, file_key), folder)
    except header.OtherKey as error:
        raise Refused(mark("This key does not open %(file)s."), file=name) from error
    except (header.NotAge, contents.NotABackup) as error:
        raise Refused(mark("%(file)s is no backup of a register."), file=name) from error
    except header.NotOpened as error:
        raise Refused(DAMAGED, file=name) from error
    except OSError as error:
        raise Refused(ROOM, folder=folder.parent, reason=error.strerror) from error
    _demand_whole(name, manifest, folder)
    return manifest


def _demand_whole(name: str, manifest: Manifest, folder: Path) -> None:
    """See that it is what it says: the log's key of that register, and a database that opens."""
    own = fingerprint(keys.signing_key(folder).public_key())
    database = folder / contents.DATABASES[manifest.kind]
    if own != manifest.register:
        raise Refused(DAMAGED, file=name)
    if manifest.kind == "postgresql":
        with database.open("rb") as dumped:
            postgresql.listed(dumped)
        return
    if not _is_of(database, manifest.schema):
        raise Refused(DAMAGED, file=name)


def _is_of(database: Path, version: str) -> bool:
    """Whether it is a whole database of this version of the schema; an empty one is none."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                return False
            return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
                (version,)
            ]
    except sqlite3.DatabaseError:
        return False


def demand_ours(settings: Settings, manifest: Manifest, name: str) -> None:
    """See that the backup belongs here: to this kind of database, and to this register or to an
    empty folder. Raises Refused; another register is not to be lost by a mistyped name."""
    if manifest.kind != snapshot.kind(settings):
        raise Refused(
            mark(
                "%(file)s is a backup of a register on %(theirs)s, and the settings name one on "
                "%(ours)s."
            ),
            file=name,
            theirs=manifest.kind,
            ours=snapshot.kind(settings),
        )
    if manifest.schema > schema.head():
        raise Refused(
            mark("%(file)s was made by a newer version of Wesentra. Install that one first."),
            file=name,
        )
    _demand_same(settings, manifest, name)


def _demand_same(settings: Settings, manifest: Manifest, name: str) -> None:
    public = settings.instance / keys.PUBLIC
    if public.exists() and fingerprint(keys.public_key(public)) != manifest.register:
        raise Refused(
            mark(
                "%(file)s is a backup of another register than the one in %(folder)s. Restore it "
                "into an empty folder."
            ),
            file=name,
            folder=settings.instance,
        )


def staging(parent: Path, name: str) -> Path:
    """An empty folder for a restore, on the disk where the database will be."""
    folder = parent / name
    make_folder(parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError as error:
        raise Refused(mark("Another restore is at work in %(folder)s."), folder=parent) from error
    except OSError as error:
        raise Refused(ROOM, folder=parent, reason=os.strerror(error.errno or 0)) from error
    return folder
