"""The key of backups: the register holds the half that closes them, a person the one that opens.

An X25519 key of age. The opening half is shown once and kept nowhere here: whoever steals the
machine, the database and every backup has no copy of any earlier day.
"""

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from wesentra.instance import write_private
from wesentra.operations.backups import bech32
from wesentra.refusal import Refused
from wesentra.texts import mark

PUBLIC = "backup.pub"
"""The file with the closing half, in the instance's folder."""
RECIPIENT, SECRET = "age", "age-secret-key-"
"""How the halves begin: `age1…` and `AGE-SECRET-KEY-1…`."""


def read(text: str) -> X25519PrivateKey:
    """The opening half as somebody typed it, or as it stands in a file of `age-keygen`.

    Raises Refused for what is none, without a word of what was typed.
    """
    for line in text.splitlines():
        if line.strip().upper().startswith(SECRET.upper()):
            try:
                raw = bech32.decode(SECRET, line.strip())
                return X25519PrivateKey.from_private_bytes(raw)
            except ValueError as error:
                raise _no_key() from error
    raise _no_key()


def _no_key() -> Refused:
    return Refused(
        mark("That is no key of a backup. It begins with AGE-SECRET-KEY-1 and has 74 characters.")
    )


def written(key: X25519PrivateKey) -> str:
    """The opening half, as people keep it."""
    return bech32.encode(SECRET, key.private_bytes_raw()).upper()


def recipient(folder: Path) -> X25519PublicKey | None:
    """The closing half of an instance; None before the first backup by hand.

    Raises Refused for a file that holds something else.
    """
    file = folder / PUBLIC
    try:
        raw = bech32.decode(RECIPIENT, file.read_text(encoding="ascii").strip())
        return X25519PublicKey.from_public_bytes(raw)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Refused(mark("%(file)s holds no key of backups."), file=file) from error


def make(folder: Path, show: Callable[[str], None]) -> X25519PublicKey:
    """Make a new key: its opening half is shown, then the closing one is stored.

    In this order: a backup that nobody can open must not come to be. `show` raises where nobody
    could be shown anything, and nothing has changed then.
    """
    key = X25519PrivateKey.generate()
    show(written(key))
    public = key.public_key()
    text = bech32.encode(RECIPIENT, public.public_bytes_raw())
    write_private(folder / PUBLIC, f"{text}\n".encode())
    return public


def demanded(folder: Path) -> X25519PublicKey:
    """The closing half. Raises Refused before the first backup by hand: at night nobody would see
    the opening one."""
    public = recipient(folder)
    if public is None:
        raise Refused(
            mark(
                "There is no key for backups yet. Make the first backup by hand (wesentra backup "
                "FILE): it shows the key that opens it."
            )
        )
    return public
