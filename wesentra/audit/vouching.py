"""Whether what is signed vouches for the entries: anchors, checkpoints and their copies. Pure."""

from collections.abc import Sequence

from wesentra.audit import anchor, seal
from wesentra.audit.material import Evidence
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verdict import Fault, Finding


def anchors(evidence: Evidence) -> Finding | None:
    """The first anchor that does not fit."""
    bad = anchor.unfit(evidence.anchors, evidence.keys)
    if bad is None:
        return _ahead(evidence)
    key = evidence.keys.get(bad.key)
    signed = key is not None and bad.holds(key)
    return Finding(Fault.ANCHOR if signed else Fault.ANCHOR_KEY, bad.last)


def _ahead(evidence: Evidence) -> Finding | None:
    """An anchor of tomorrow: entries went that no clock of today lets go."""
    newest = evidence.anchors[-1] if evidence.anchors else None
    if newest is None or evidence.now is None or newest.at <= evidence.now + anchor.PATIENCE:
        return None
    return Finding(Fault.ANCHOR, newest.last)


def signatures(evidence: Evidence, known: Sequence[Checkpoint]) -> Finding | None:
    """The first checkpoint of those `known` that is not signed, or does not follow."""
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
    if not (evidence.whole or first.last == newest.last):
        return first.previous == newest.checkpoint
    return first.digest() == newest.checkpoint and newest.at - first.at >= anchor.YOUNGEST


def copied(evidence: Evidence) -> Finding | None:
    """A checkpoint that was another one when it was copied."""
    copied = {one.number: one.digest() for one in evidence.copies}
    before = evidence.start[0]
    for one in evidence.checkpoints:
        if copied.get(one.number, one.digest()) != one.digest():
            return Finding(Fault.REWRITTEN, before + 1, one.last)
        before = one.last
    return None


def end(evidence: Evidence, known: Sequence[Checkpoint], last: int, link: bytes) -> Finding | None:
    """Whether the log goes as far as it should; `last` and `link` are those met last."""
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
