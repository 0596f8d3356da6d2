"""Whether what is signed vouches for the entries: anchors, checkpoints and their copies. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from wesentra.audit import anchor, seal
from wesentra.audit.material import Evidence
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verdict import Fault, Finding

IN_TIME = timedelta(minutes=45)
"""A checkpoint is made with the first entry a quarter of an hour after the last one; so much longer
a clock may stand still and a request take."""

MOMENT = 26
Window = tuple[bytes, bytes]
NEVER, ALWAYS = (b"~", b""), (b"", b"~")


class InTime:
    """Whether each entry lies near the checkpoint before or after it; to be met in their order.

    Whoever takes checkpoints away, to have what they wrote anew signed by the next one, leaves
    entries that nobody signed when it was time. `late` is the first of them (0: none), `until`
    where it was signed at last (0: nowhere).
    """

    def __init__(self, evidence: Evidence) -> None:
        self.late = self.until = 0
        start = evidence.start[0]
        self._tail = NEVER if evidence.whole else ALWAYS
        self._rest = iter(sorted(evidence.checkpoints, key=lambda one: one.last))
        self._end: int | None = start
        self._after: Window = ALWAYS if start else NEVER
        while self._end is not None and self._end <= start:
            self._go_on()

    def meet(self, number: int, stays: bytes) -> None:
        """Look at one entry; what stays of one begins with its moment."""
        at = stays[:MOMENT]
        (a, b), (c, d) = self._before, self._after
        if not (a < at < b or c < at < d) and not self.late:
            self.late, self.until = number, self._end or 0
        if number == self._end:
            self._go_on()

    def _go_on(self) -> None:
        self._before = self._after
        one = next(self._rest, None)
        self._end = one.last if one else None
        self._after = _around(one) if one else self._tail


def _around(one: Checkpoint) -> Window:
    return tuple(seal.moment(one.at + way * IN_TIME).encode() for way in (-1, 1))  # type: ignore[return-value]


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
