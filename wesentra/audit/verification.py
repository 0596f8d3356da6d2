"""Whether the log is still what was written: the chain is walked to its first bad entry. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wesentra.audit import anchor, seal
from wesentra.audit.anchor import Anchor
from wesentra.audit.redactions import Redactions
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verdict import Fault, Finding, Verdict

__all__ = ["Evidence", "Fault", "Finding", "Sealed", "Verdict", "verify"]

LINE_ENDS = len(seal.FIELDS) - 1


Row = tuple[int, bytes | None, bytes | None, bytes, bytes]
"""An entry as it is stored, in the order of Sealed; millions of them are not dressed as such."""


class Sealed(NamedTuple):
    """An entry as it is stored: `told` is what it says (`seal.told`); redacted: `leaf`, no salt."""

    number: int
    salt: bytes | None
    leaf: bytes | None
    hash: bytes
    told: bytes

    def own(self) -> bytes:
        """Its leaf."""
        return _own(self.salt, self.leaf, self.told)


def _own(salt: bytes | None, leaf: bytes | None, told: bytes) -> bytes:
    if salt is None:
        return leaf or b""
    if told.count(b"\n") != LINE_ENDS or len(salt) != seal.SALT_BYTES:
        return b""  # no entry has a line end in a value, or a part of a value in its salt
    return seal.leaf(salt, told)


@dataclass(frozen=True)
class Evidence:
    """What is looked through.

    `entries` can be asked for more than once; `keys` are the public keys by fingerprint;
    `unsigned` is how many entries may follow the last checkpoint; `start` is the number and the
    link before the first entry; `end` those of the last one as the register remembers them (None
    in an export); `copies` are checkpoints that were kept in another place. `anchors` vouch for
    entries that went; where there are any, `start` is the newest one's. `whole` says that nothing
    comes after these entries; `beside` compares what is kept beside the entries with them.
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
    beside: Callable[[], Finding | None] = lambda: None


def verify(evidence: Evidence) -> Verdict:
    """Walk the chain from its first entry, then judge checkpoints, end and what is beside."""
    known = sorted((*evidence.checkpoints, *evidence.copies), key=lambda one: one.last)
    redactions = Redactions()
    last, link = evidence.start
    finding = _anchors(evidence)
    if finding is None:
        last, link, finding = _walk(evidence, known, redactions)
    finding = finding or _signatures(evidence, known) or _end(evidence, known, last, link)
    unvouched = redactions.unvouched()
    if evidence.whole:
        finding = finding or _told(unvouched)
    finding = finding or evidence.beside()
    return Verdict(
        entries=last - evidence.start[0],
        checkpoints=len(evidence.checkpoints),
        finding=finding,
        gone=evidence.anchors[-1].last if evidence.anchors else 0,
        redacted=len(unvouched),
        last=last,
    )


def _anchors(evidence: Evidence) -> Finding | None:
    bad = anchor.unfit(evidence.anchors, evidence.keys)
    if bad is None:
        return None
    key = evidence.keys.get(bad.key)
    signed = key is not None and bad.holds(key)
    return Finding(Fault.ANCHOR if signed else Fault.ANCHOR_KEY, bad.last)


def _told(unvouched: Sequence[int]) -> Finding | None:
    return Finding(Fault.REDACTED, unvouched[0]) if unvouched else None


def _walk(
    evidence: Evidence, known: Sequence[Checkpoint], redactions: Redactions
) -> tuple[int, bytes, Finding | None]:
    states: dict[int, set[bytes]] = {}
    for one in known:
        states.setdefault(one.last, set()).add(one.hash)
    number, link = evidence.start
    if states.get(number, {link}) != {link}:
        return number, link, Finding(Fault.REWRITTEN, 1, number)
    agreed = number
    for here, salt, leaf, hash_, told in evidence.entries():
        if here != number + 1:
            return number, link, Finding(Fault.MISSING, number + 1)
        if seal.link(link, here, _own(salt, leaf, told)) != hash_:
            return number, link, _diagnosis(evidence, link, here)
        number, link = here, hash_
        redactions.meet(number, salt, told)
        if number in states:
            if states[number] != {link}:
                return number, link, Finding(Fault.REWRITTEN, agreed + 1, number)
            agreed = number
    return number, link, None


def _diagnosis(evidence: Evidence, before: bytes, number: int) -> Finding:
    """What happened to entry `number`, which does not follow the link `before`."""
    rest = (Sealed(*entry) for entry in evidence.entries() if entry[0] >= number)
    here = next(iter(rest))
    for place, entry in enumerate(rest):
        own = entry.own()
        if seal.link(before, number, own) == entry.hash:
            changed_places = seal.link(entry.hash, number + 1, here.own()) == here.hash
            if entry.number == number + 1 and not changed_places:
                return Finding(Fault.INSERTED, number)
            return Finding(Fault.MOVED, number, entry.number)
        if place == 0 and seal.link(here.hash, entry.number + 1, own) == entry.hash:
            return Finding(Fault.MISSING, number)  # and those after it were given new numbers
    return Finding(Fault.CHANGED, number)


def _signatures(evidence: Evidence, known: Sequence[Checkpoint]) -> Finding | None:
    for one in known:
        key = evidence.keys.get(one.key)
        if key is None or not one.holds(key):
            return Finding(Fault.OTHER_KEY, one.last)
    following = iter(evidence.checkpoints)
    number, before = 0, seal.START
    if evidence.start[0] and (first := next(following, None)) is not None:
        number, before = first.number, first.digest()
        if not _follows(evidence, first):
            return Finding(Fault.ANCHOR, evidence.start[0])
    for one in following:
        if one.number != number + 1 or one.previous != before:
            return Finding(Fault.CHECKPOINT, one.last)
        number, before = one.number, one.digest()
    return None


def _follows(evidence: Evidence, first: Checkpoint) -> bool:
    """Whether the first checkpoint is that of the newest anchor; in an export, or the one after."""
    if not evidence.anchors:
        return True
    newest = evidence.anchors[-1]
    own = first.digest() if evidence.whole or first.last == newest.last else first.previous
    return own == newest.checkpoint


def _end(evidence: Evidence, known: Sequence[Checkpoint], last: int, link: bytes) -> Finding | None:
    promised = max((one.last for one in known), default=0)
    if evidence.end is not None:
        promised = max(promised, evidence.end[0])
    if last < promised:
        return Finding(Fault.CUT, last + 1, promised)
    if evidence.end is not None and evidence.end != (last, link) and last:
        return Finding(Fault.INSERTED, evidence.end[0] + 1)
    signed = max((one.last for one in evidence.checkpoints), default=evidence.start[0])
    if last - signed >= evidence.unsigned:
        return Finding(Fault.UNSIGNED, signed + 1, last)
    return None
