"""The log as evidence, read from an export on a machine without the register."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wesentra import clock
from wesentra.audit import seal
from wesentra.audit.anchor import Anchor
from wesentra.audit.chain import CHECKPOINT_ENTRIES
from wesentra.audit.lines import sealed_of, signed_of
from wesentra.audit.material import Evidence
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verdict import Fault, Finding
from wesentra.refusal import Refused
from wesentra.texts import mark

T = TypeVar("T")

CHECKPOINT = re.compile(r'\{\s*"type":\s*"checkpoint"')
_CHECKPOINT, _ANCHOR = partial(signed_of, Checkpoint), partial(signed_of, Anchor)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON. A key that stands twice says one thing here and another to a reader."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


def evidence(
    file: Path, keys: Mapping[str, Ed25519PublicKey], copies: Sequence[Checkpoint] = ()
) -> Evidence:
    """The log in an export, read anew each time that it is walked.

    An export of a part starts where it starts: what came before is not looked at, nor are
    checkpoints and copies that cover only that. One with anchors has to start where the newest
    says. Raises ValueError, also while entries are read, for a line that is none of an export.
    """
    start, signed, anchors = _around(file)
    return Evidence(
        entries=lambda: (_read(sealed_of, line) for line in _lines(file) if "type" not in line),
        checkpoints=[one for one in signed if one.last > start[0]],
        keys=keys,
        unsigned=CHECKPOINT_ENTRIES,
        start=start,
        copies=[one for one in copies if one.last >= start[0]],
        anchors=anchors,
        whole=False,
        now=clock.now(),
        beside=lambda: _unlinked(file, start[1].hex()),
    )


def _unlinked(file: Path, before: str) -> Finding | None:
    """The first entry that says of the link before it what it is not."""
    for line in _lines(file):
        if "type" not in line:
            if line["prev"] != before:
                return Finding(Fault.CHANGED, int(line["seq"]))
            before = line["hash"]
    return None


def _around(file: Path) -> tuple[tuple[int, bytes], list[Checkpoint], list[Anchor]]:
    """Where the entries of an export start, and its checkpoints and anchors."""
    start: tuple[int, bytes] | None = None
    signed, anchors = [], []
    for line in _lines(file):
        if line.get("type") == "anchor":
            anchors.append(_read(_ANCHOR, line))
        elif "type" in line:
            signed.append(_read(_CHECKPOINT, line))
        elif start is None:
            start = _read(_before, line)
    if anchors:
        start = anchors[-1].last, anchors[-1].hash
    return start or (0, seal.START), signed, anchors


def copied(file: Path) -> list[Checkpoint]:
    """The checkpoints in a file of copies: lines of them, a saved mailbox, a log of syslog.

    Other text between them is passed over, and so is what was cut off in the middle. Raises
    ValueError for what begins as a checkpoint and is whole, but none that was ever written.
    """
    text = file.read_text(encoding="utf-8", errors="replace")
    found = []
    for start in CHECKPOINT.finditer(text):
        with suppress(json.JSONDecodeError):
            line, _ = _DECODER.raw_decode(text, start.start())
            found.append(_read(_CHECKPOINT, line))
    return found


def _before(line: Mapping[str, Any]) -> tuple[int, bytes]:
    return int(line["seq"]) - 1, bytes.fromhex(line["prev"])


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as opened:
        for text in opened:
            line = _DECODER.decode(text.decode())
            if not isinstance(line, dict):
                raise ValueError("not an object")
            yield line


def _read(how: Callable[[Mapping[str, Any]], T], line: Mapping[str, Any]) -> T:
    try:
        return how(line)
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError("not a line of an export") from error


def unreadable(file: Path) -> Refused:
    """The refusal of a file that is no export, nor copies of checkpoints."""
    return Refused(mark("%(file)s is no export of an access log."), file=file)
