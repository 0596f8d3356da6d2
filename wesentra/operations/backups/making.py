"""A backup is made: encrypted, read back from where it lies, and only then given its name."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from wesentra import __version__, clock
from wesentra.actor import current
from wesentra.audit import keys
from wesentra.audit.entry import Operation
from wesentra.audit.seal import fingerprint
from wesentra.erasure import ledger
from wesentra.operations import schema
from wesentra.operations.backups import contents, door, header, identity, snapshot, stream
from wesentra.operations.committing import commit
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

ABOUT = "register"
PART = ".part"


def register_of(folder: Path) -> str:
    """By which a register knows its own backups: the fingerprint of its log's key."""
    return fingerprint(keys.signing_key(folder).public_key())


def demand_free(target: Path, settings: Settings) -> None:
    """See that a backup may be made there. Raises Refused for a name that is taken, also by a link,
    and inside the instance's folder, with which it would be lost."""
    if os.path.lexists(target):
        raise Refused(
            mark("%(file)s is there already; a backup replaces nothing. Choose another name."),
            file=target,
        )
    if target.parent.resolve().is_relative_to(settings.instance.resolve()):
        raise Refused(
            mark("A backup in %(folder)s would be lost with the register. Choose another folder."),
            folder=settings.instance,
        )


def to_file(settings: Settings, target: Path) -> int:
    """Make a backup at `target`, for whoever acts; its size in bytes.

    Written beside it as a file of its own, brought to the disk, read back, decrypted and compared
    with what was copied; then the entry is committed, and then it gets its name. Raises Refused,
    and nothing has the name then.
    """
    demand_free(target, settings)
    recipient = identity.demanded(settings.instance)
    with snapshot.taken(settings) as database, _part(target) as (path, file):
        file_key = header.new_file_key()
        digest = _close(settings, database, file, file_key, recipient)
        _to_disk(file)
        _compare(file, file_key, digest, target)
        size = path.stat().st_size
        _tell()
        _publish(path, target)
    return size


def to_stream(settings: Settings, target: IO[bytes]) -> None:
    """Make a backup into a stream, for whoever acts. Nobody can read back what went there."""
    recipient = identity.demanded(settings.instance)
    with snapshot.taken(settings) as database:
        _tell()
        try:
            _close(settings, database, target, header.new_file_key(), recipient)
            target.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _cannot("-", error) from error


def _tell() -> None:
    """Before anything has left the register there is an entry about it."""
    current().event(Operation.BACKUP, ABOUT)
    commit(changes=False)


def _close(
    settings: Settings,
    database: IO[bytes],
    target: IO[bytes],
    file_key: bytes,
    recipient: X25519PublicKey,
) -> bytes:
    """Write everything encrypted; the hash of what was written before it was."""
    door.begin_ledger(settings)
    manifest = contents.Manifest(
        register=register_of(settings.instance),
        at=clock.now(),
        kind=snapshot.kind(settings),  # type: ignore[arg-type] # settings know no other
        schema=schema.head(),
        program=__version__,
    )
    closing = stream.Closing(target, file_key, recipient)
    contents.pack(closing, manifest, settings.instance, ledger.path_of(settings), database)
    closing.end()
    return closing.digest.digest()


@contextmanager
def _part(target: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A file beside the target (mode 600) that is gone at the end, unless it got the name."""
    path = None
    try:
        opened, name = tempfile.mkstemp(PART, f"{target.name}.", target.parent)
        path = Path(name)
        with os.fdopen(opened, "w+b") as file:
            yield path, file
    except OSError as error:
        raise _cannot(target, error) from error
    finally:
        if path is not None:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _to_disk(file: IO[bytes]) -> None:
    """Have it written, and forgotten by the system's memory, so that it is read from the disk."""
    file.flush()
    os.fsync(file.fileno())
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _compare(file: IO[bytes], file_key: bytes, digest: bytes, target: Path) -> None:
    file.seek(0)
    found = sha256()
    try:
        header.pass_header(file, file_key)
        opening = stream.Opening(file, file_key)
        while plain := opening.read(stream.CHUNK):
            found.update(plain)
    except header.NotOpened:
        found = sha256()
    if found.digest() != digest:
        raise Refused(
            mark("What was written to %(file)s could not be read back; there is no backup."),
            file=target,
        )


def _publish(path: Path, target: Path) -> None:
    """Give it the name, if nobody else has taken that meanwhile."""
    try:
        target.hardlink_to(path)
    except FileExistsError as error:
        raise _cannot(target, error) from error
    except OSError as error:  # a disk without links
        if os.path.lexists(target):
            raise _cannot(
                target, FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            ) from error
        path.rename(target)
    folder = os.open(target.parent, os.O_RDONLY) if hasattr(os, "O_DIRECTORY") else None
    if folder is not None:
        os.fsync(folder)
        os.close(folder)


def _cannot(target: Path | str, error: OSError) -> Refused:
    return Refused(
        mark("The file %(file)s cannot be written: %(reason)s."),
        file=target,
        reason=error.strerror,
    )


Show = Callable[[str], None]
"""Tells somebody who is there a key, once."""


def key_for(settings: Settings, show: Show, *, anew: bool) -> bool:
    """See that there is a key for backups, or make one `anew`; whether one was made."""
    if not anew and identity.recipient(settings.instance) is not None:
        return False
    identity.make(settings.instance, show)
    current().event(Operation.BACKUP, ABOUT, fields=["new_key"])
    commit(changes=False)
    return True
