"""The instance folder: what belongs to this installation only, and how secrets are laid in it."""

import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from wesentra.assets import checkout

OWNER_ONLY_FOLDER = 0o700
OWNER_ONLY_FILE = 0o600
SECRET, SETTINGS, DATABASE = "secret.key", "settings.toml", "wesentra.db"
"""Files of an installation, of which each has one at least."""


def choose(given: str | os.PathLike[str] | None, environ: Mapping[str, str]) -> Path:
    """The instance folder, absolute: `given`, WESENTRA_INSTANCE, the checkout's, the user's own."""
    named = given or environ.get("WESENTRA_INSTANCE")
    if named:
        return Path(named).expanduser().absolute()
    root = checkout()
    return root / "instance" if root else _data_home(environ) / "wesentra"


def is_one(folder: Path) -> bool:
    """Whether `folder` holds an installation: its secret, its settings or its database.

    Raises nothing: a folder that cannot be looked into may hold one, and using it says what is
    wrong.
    """
    try:
        return any((folder / name).exists() for name in (SECRET, SETTINGS, DATABASE))
    except OSError:
        return True


def _data_home(environ: Mapping[str, str]) -> Path:
    """Where this operating system keeps a user's own data."""
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def make_folder(folder: Path) -> Path:
    """Make `folder` and its parents if missing, the last one readable by its owner only."""
    if not folder.is_dir():
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    return folder


def write_private(target: Path, content: bytes) -> None:
    """Put `content` into `target` whole or not at all, readable by its owner only.

    The temporary file is made with mode 600 and keeps it under its new name.
    """
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".new-", delete=False) as new:
        new.write(content)
        new.flush()
        os.fsync(new.fileno())
    Path(new.name).replace(target)


def keep_private(database: Path) -> None:
    """Make the file of a database if missing; it, its log and the log's index are its owner's only.

    What cannot be changed stays: opening the database says what is wrong with it.
    """
    beside = [database.with_name(database.name + end) for end in ("-wal", "-shm")]
    with suppress(OSError):
        database.touch(OWNER_ONLY_FILE)
    for file in (database, *beside):
        with suppress(OSError):
            file.chmod(OWNER_ONLY_FILE)


def made_once(target: Path, make: Callable[[], bytes]) -> bytes:
    """The content of a private file, made at the first call.

    Of two processes that start at once, both get what the one that came first has made.
    """
    if not target.exists():
        make_folder(target.parent)
        draft = target.with_name(f".new-{secrets.token_hex(8)}")
        write_private(draft, make())
        try:
            target.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return target.read_bytes()


def secret_of(folder: Path) -> str:
    """The instance's secret: 64 hex digits."""
    return made_once(folder / SECRET, lambda: secrets.token_hex(32).encode()).decode().strip()
