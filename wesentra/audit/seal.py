"""The seal of the access log: entries hashed into one chain, the chain's state signed. Pure.

A leaf is the hash of an entry. What a redaction may take from it is hashed before, with a salt, so
that this veil can stay in its place and tell nothing; what stays is bound as before. A link is the
hash of the link before, the entry's number and its leaf. Whoever changes, removes, inserts or moves
an entry has to make every later link anew, and then every later checkpoint, for which they need the
signing key; with the key, the checkpoints that were copied to another place still tell.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SALT_BYTES = 16
_LEAF, _LINK, _VEIL = (hashlib.sha256(mark) for mark in (b"\0", b"\1", b"\6"))
"""How leaves, links and veils begin. A copy of what was begun costs half of beginning anew."""

START = hashlib.sha256(b"wesentra access log 1").digest()
"""The link before the first entry, and the digest before the first checkpoint."""

FIELDS = (
    "at",
    "request_id",
    "actor_id",
    "role",
    "purpose",
    "operation",
    "subject_type",
    "subject_ids",
    "shown",
    "fields",
    "outcome",
    "channel",
    "source",
    "endpoint",
    "reason_id",
)
"""What is sealed of an entry, in this order; its number is sealed by its link."""
CLEARED = {"subject_ids": "[]", "fields": "[]", "source": "", "endpoint": "", "reason_id": None}
"""What may go, by what a redacted entry says in its place; `reason_id` would lead to a person."""
GOES = tuple(name for name in FIELDS if name in CLEARED)
STAYS = tuple(name for name in FIELDS if name not in CLEARED)


class Unsealable(ValueError):
    """A value of an entry has a line end in it, so that two entries could be written the same."""


# --- entries --------------------------------------------------------------------------------


def moment(at: datetime) -> str:
    """A moment as it is sealed: UTC with six digits, as SQLite keeps it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def packed(values: Iterable[Any]) -> str:
    """A list as an entry keeps it: sorted, without spaces."""
    return json.dumps(sorted(values), separators=(",", ":"))


def told(entry: Mapping[str, Any], names: Sequence[str]) -> bytes:
    """What an entry says, as bytes: one field a line. `names` are STAYS or GOES.

    `at` is a datetime or already its text, `subject_ids` and `fields` are JSON texts. Raises
    Unsealable.
    """
    values = []
    for name in names:
        value = entry[name]
        value = moment(value) if isinstance(value, datetime) else value
        values.append("" if value is None else str(value))
    text = "\n".join(values)
    if text.count("\n") != len(names) - 1:
        raise Unsealable("a value of an entry has more than one line")
    return text.encode()


def new_salt() -> bytes:
    """A salt that nobody can guess."""
    return secrets.token_bytes(SALT_BYTES)


def veil(salt: bytes, goes: bytes) -> bytes:
    """The hash of what may go from an entry."""
    made = _VEIL.copy()
    made.update(salt + goes)
    return made.digest()


def leaf(veiled: bytes, stays: bytes) -> bytes:
    """The hash of one entry, from its `veil` and what stays."""
    made = _LEAF.copy()
    made.update(veiled + stays)
    return made.digest()


def sealed(salt: bytes, entry: Mapping[str, Any]) -> bytes:
    """The leaf of an entry that says all it ever said."""
    return leaf(veil(salt, told(entry, GOES)), told(entry, STAYS))


def link(previous: bytes, number: int, own: bytes) -> bytes:
    """The hash of the chain up to entry `number`, whose leaf is `own`."""
    made = _LINK.copy()
    made.update(previous + number.to_bytes(8, "big") + own)
    return made.digest()


# --- checkpoints ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Checkpoint:
    """The state of the chain after entry `last`, signed by `key` (the start of its fingerprint)."""

    number: int
    last: int
    hash: bytes
    at: datetime
    previous: bytes
    key: str
    signature: bytes = b""

    def message(self) -> bytes:
        """What is signed."""
        lines = (
            "wesentra checkpoint 1",
            self.number,
            self.last,
            self.hash.hex(),
            moment(self.at),
            self.previous.hex(),
            self.key,
        )
        return "\n".join(map(str, lines)).encode()

    def digest(self) -> bytes:
        """The hash by which the next checkpoint contains this one."""
        return hashlib.sha256(b"\2" + self.message() + self.signature).digest()

    def holds(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature is of this state and by this key."""
        try:
            key.verify(self.signature, self.message())
        except InvalidSignature:
            return False
        return True


def fingerprint(key: Ed25519PublicKey) -> str:
    """Sixteen hex digits by which people and checkpoints name a key."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def sign(
    key: Ed25519PrivateKey, before: Checkpoint | None, last: int, hash_: bytes, at: datetime
) -> Checkpoint:
    """The checkpoint that follows `before` (None: the first one)."""
    unsigned = Checkpoint(
        number=before.number + 1 if before else 1,
        last=last,
        hash=hash_,
        at=at,
        previous=before.digest() if before else START,
        key=fingerprint(key.public_key()),
    )
    signature = key.sign(unsigned.message())
    return Checkpoint(**{**unsigned.__dict__, "signature": signature})
