"""What a verification looks through. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wesentra.audit import seal
from wesentra.audit.anchor import Anchor
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verdict import Finding

STAYS, GOES = len(seal.STAYS) - 1, len(seal.GOES) - 1
"""Line ends in what stays of an entry when it is redacted, and in what goes."""
CLEARED = seal.told(seal.CLEARED, seal.GOES)

Row = tuple[int, bytes | None, bytes | None, bytes, bytes, bytes]
"""An entry as it is stored, in the order of Sealed; millions of them are not dressed as such."""


class Sealed(NamedTuple):
    """An entry as it is stored: `stays` and `goes` are what it says (`seal.told`).

    A redacted one has a `veil` and no salt.
    """

    number: int
    salt: bytes | None
    veil: bytes | None
    hash: bytes
    stays: bytes
    goes: bytes

    def leaf(self) -> bytes:
        """Its leaf."""
        return own(self.salt, self.veil, self.stays, self.goes)


def own(salt: bytes | None, veil: bytes | None, stays: bytes, goes: bytes) -> bytes:
    """The leaf of an entry as it stands; one that no entry has where its parts do not fit."""
    if stays.count(b"\n") != STAYS or goes.count(b"\n") != GOES:
        return b""  # no entry has a line end in a value
    if salt is None:
        return seal.leaf(veil or b"", stays) if goes == CLEARED else b""
    if len(salt) != seal.SALT_BYTES:
        return b""  # or a part of a value in its salt
    return seal.leaf(seal.veil(salt, goes), stays)


@dataclass(frozen=True)
class Evidence:
    """What is looked through.

    `entries` can be asked for more than once; `keys` are the public keys by fingerprint;
    `unsigned` is how many entries may follow the last checkpoint; `start` is the number and the
    link before the first entry; `end` those of the last one as the register remembers them (None
    in an export); `copies` are checkpoints that were kept in another place. `anchors` vouch for
    entries that went; where there are any, `start` is the newest one's. `whole` says that nothing
    comes after these entries; `now` is when they are looked at; `beside` compares what is kept
    beside the entries with them.
    """

    entries: Callable[[], Iterable[Row]]
    checkpoints: Sequence[Checkpoint]
    keys: Mapping[str, Ed25519PublicKey]
    unsigned: int
    start: tuple[int, bytes] = (0, seal.START)
    end: tuple[int, bytes] | None = None
    copies: Sequence[Checkpoint] = ()
    anchors: Sequence[Anchor] = ()
    whole: bool = True
    now: datetime | None = None
    beside: Callable[[], Finding | None] = lambda: None
