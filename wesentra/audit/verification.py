"""Whether the log is still what was written: the chain is walked to its first bad entry. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wesentra.audit import seal, vouching
from wesentra.audit.material import Evidence, Sealed, own
from wesentra.audit.redactions import Redactions
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verdict import Fault, Finding, Verdict


@dataclass(frozen=True)
class Walked:
    """How far a walk came (the entry and its link), what it found and whom it met.

    `late` and `until` are those of `vouching.InTime`.
    """

    last: int
    link: bytes
    finding: Finding | None
    redactions: Redactions
    late: int = 0
    until: int = 0


def verify(evidence: Evidence) -> Verdict:
    """Walk the chain from its first entry, then judge checkpoints, end and what is beside."""
    if (finding := vouching.anchors(evidence)) is not None:
        return judged(evidence, Walked(*evidence.start, finding, Redactions()), evidence.beside)
    return judged(evidence, walk(evidence), evidence.beside)


def judged(evidence: Evidence, walked: Walked, beside: Callable[[], Finding | None]) -> Verdict:
    """What is to be said after a walk; `beside` is asked only where nothing else is wrong."""
    known = _known(evidence)
    finding = walked.finding or vouching.signatures(evidence, known) or vouching.copied(evidence)
    finding = finding or vouching.end(evidence, known, walked.last, walked.link)
    if walked.late:
        finding = finding or Finding(Fault.LATE, walked.late, walked.until or walked.last)
    unvouched = walked.redactions.unvouched()
    if evidence.whole:
        finding = finding or _told(unvouched)
    finding = finding or beside()
    return Verdict(
        entries=walked.last - evidence.start[0],
        checkpoints=len(evidence.checkpoints),
        finding=finding,
        gone=evidence.anchors[-1].last if evidence.anchors else 0,
        redacted=len(unvouched),
        last=walked.last,
    )


def _known(evidence: Evidence) -> list[Checkpoint]:
    return sorted((*evidence.checkpoints, *evidence.copies), key=lambda one: one.last)


def _told(unvouched: Sequence[int]) -> Finding | None:
    return Finding(Fault.REDACTED, unvouched[0]) if unvouched else None


def _states(known: Iterable[Checkpoint]) -> dict[int, set[bytes]]:
    """The links that checkpoints and copies promise, by entry."""
    states: dict[int, set[bytes]] = {}
    for one in known:
        states.setdefault(one.last, set()).add(one.hash)
    return states


def walk(evidence: Evidence) -> Walked:
    """Follow the chain from `start` to its end, or to the first entry that is wrong."""
    redactions, in_time = Redactions(), vouching.InTime(evidence)
    reached = _walk(evidence, redactions, in_time)
    return Walked(*reached, redactions, in_time.late, in_time.until)


def _walk(
    evidence: Evidence, redactions: Redactions, in_time: vouching.InTime
) -> tuple[int, bytes, Finding | None]:
    states = _states(_known(evidence))
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
