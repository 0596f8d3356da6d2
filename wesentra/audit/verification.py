"""Whether the log is still what was written: the chain is walked to its first bad entry. Pure."""

from collections.abc import Sequence

from wesentra.audit import seal, vouching
from wesentra.audit.material import Evidence, Sealed, own
from wesentra.audit.redactions import Redactions
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verdict import Fault, Finding, Verdict


def verify(evidence: Evidence) -> Verdict:
    """Walk the chain from its first entry, then judge checkpoints, end and what is beside."""
    known = sorted((*evidence.checkpoints, *evidence.copies), key=lambda one: one.last)
    redactions = Redactions()
    in_time = vouching.InTime(evidence)
    last, link = evidence.start
    finding = vouching.anchors(evidence)
    if finding is None:
        last, link, finding = _walk(evidence, known, redactions, in_time)
    finding = finding or vouching.signatures(evidence, known) or vouching.copied(evidence)
    finding = finding or vouching.end(evidence, known, last, link)
    if in_time.late:
        finding = finding or Finding(Fault.LATE, in_time.late, in_time.until or last)
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


def _told(unvouched: Sequence[int]) -> Finding | None:
    return Finding(Fault.REDACTED, unvouched[0]) if unvouched else None


def _states(known: Sequence[Checkpoint]) -> dict[int, set[bytes]]:
    """The links that checkpoints and copies promise, by entry."""
    states: dict[int, set[bytes]] = {}
    for one in known:
        states.setdefault(one.last, set()).add(one.hash)
    return states


def _walk(
    evidence: Evidence,
    known: Sequence[Checkpoint],
    redactions: Redactions,
    in_time: vouching.InTime,
) -> tuple[int, bytes, Finding | None]:
    states = _states(known)
    number, link = evidence.start
    if states.get(number, {link}) != {link}:
        return number, link, Finding(Fault.REWRITTEN, 1, number)
    agreed = number
    for here, salt, veil, hash_, stays, goes in evidence.entries():
        if here != number + 1:
            return number, link, Finding(Fault.MISSING, number + 1)
        if seal.link(link, here, own(salt, veil, stays, goes)) != hash_:
            return number, link, _diagnosis(evidence, link, here)
        number, link = here, hash_
        redactions.meet(number, salt, stays, goes)
        in_time.meet(number, stays)
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
        own = entry.leaf()
        if seal.link(before, number, own) == entry.hash:
            changed_places = seal.link(entry.hash, number + 1, here.leaf()) == here.hash
            if entry.number == number + 1 and not changed_places:
                return Finding(Fault.INSERTED, number)
            return Finding(Fault.MOVED, number, entry.number)
        if place == 0 and seal.link(here.hash, entry.number + 1, own) == entry.hash:
            return Finding(Fault.MISSING, number)  # and those after it were given new numbers
    return Finding(Fault.CHANGED, number)
