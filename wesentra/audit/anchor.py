"""The anchor: what vouches for the front of the log after old entries went. Pure.

It names the last entry that went with its link, so that the first one left still follows from it,
and the figures of the days that went, so that those cannot be changed for want of their entries.
It is signed by the log's key, and contains the anchor before it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wesentra.audit.seal import START, Checkpoint, fingerprint, moment

YOUNGEST = timedelta(days=360)
"""So old is the checkpoint at an anchor at the least, as the database demands of its entries."""
PATIENCE = timedelta(days=1)
"""So far a clock may be ahead that signed an anchor."""


@dataclass(frozen=True)
class Days:
    """The days of an anchor: `until` this one all entries are gone, from `whole` on none is.

    `digest` is that of the figures up to `until`, and of what went of the days between the two
    (`recount.digest`).
    """

    until: date
    whole: date
    digest: bytes


@dataclass(frozen=True)
class Anchor:
    """The entries up to `last`, whose link is `hash`, are gone: `gone` of them with this anchor.

    `checkpoint` is the digest of the one at `last`, `previous` that of the anchor before;
    `until`, `whole` and `days` as in Days.
    """

    number: int
    last: int
    hash: bytes
    at: datetime
    previous: bytes
    checkpoint: bytes
    gone: int
    until: date
    whole: date
    days: bytes
    key: str
    signature: bytes = b""

    def message(self) -> bytes:
        """What is signed."""
        lines = (
            "wesentra anchor 1",
            self.number,
            self.last,
            self.hash.hex(),
            moment(self.at),
            self.previous.hex(),
            self.checkpoint.hex(),
            self.gone,
            self.until,
            self.whole,
            self.days.hex(),
            self.key,
        )
        return "\n".join(map(str, lines)).encode()

    def digest(self) -> bytes:
        """The hash by which the next anchor contains this one."""
        return hashlib.sha256(b"\3" + self.message() + self.signature).digest()

    def holds(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature is of this anchor and by this key."""
        try:
            key.verify(self.signature, self.message())
        except InvalidSignature:
            return False
        return True


def sign(
    key: Ed25519PrivateKey, before: Anchor | None, at_: Checkpoint, days: Days, now: datetime
) -> Anchor:
    """The anchor at a checkpoint, that follows `before` (None: the first one)."""
    unsigned = Anchor(
        number=before.number + 1 if before else 1,
        last=at_.last,
        hash=at_.hash,
        at=now,
        previous=before.digest() if before else START,
        checkpoint=at_.digest(),
        gone=at_.last - (before.last if before else 0),
        until=days.until,
        whole=days.whole,
        days=days.digest,
        key=fingerprint(key.public_key()),
    )
    return replace(unsigned, signature=key.sign(unsigned.message()))


def unfit(anchors: Sequence[Anchor], keys: Mapping[str, Ed25519PublicKey]) -> Anchor | None:
    """The first anchor, in their order, that is not signed or does not follow from the one before.

    Only the newest can be taken away without being missed here: then the entries it vouched for
    are missing.
    """
    number, last, before = 0, 0, START
    for one in anchors:
        key = keys.get(one.key)
        if key is None or not one.holds(key):
            return one
        if one.number != number + 1 or one.previous != before or one.gone != one.last - last:
            return one
        number, last, before = one.number, one.last, one.digest()
    return None
