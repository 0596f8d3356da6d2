"""The log as evidence, read from an export on a machine without the register."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wesentra import clock
from wesentra.audit import seal
from wesentra.audit.anchor import Anchor
from wesentra.audit.chain import CHECKPOINT_ENTRIES
from wesentra.audit.material import Evidence, Sealed
from wesentra.audit.seal import Checkpoint
from wesentra.audit.verdict import Fault, Finding
from wesentra.refusal import Refused
from wesentra.texts import mark

T = TypeVar("T")

CHECKPOINT = re.compile(r'\{\s*"type":\s*"checkpoint"')
_DECODER = json.JSONDecoder()


def checkpoint_line(one: Checkpoint) -> dict[str, Any]:
    """A checkpoint as one line of an export."""
    return {
        "type": "checkpoint",
        "number": one.number,
        "last": one.last,
        "hash": one.hash.hex(),
        "at": one.at.astimezone(UTC).isoformat(),
        "previous": one.previous.hex(),
        "key": one.key,
        "signature": one.signature.hex(),
    }


def checkpoint_of(line: Mapping[str, Any]) -> Checkpoint:
    """The checkpoint of such a line. Raises KeyError, TypeError or ValueError for another one."""
    found = Checkpoint(
        number=int(line["number"]),
        last=int(line["last"]),
        hash=bytes.fromhex(line["hash"]),
        at=datetime.fromisoformat(line["at"]),
        previous=bytes.fromhex(line["previous"]),
        key=str(line["key"]),
        signature=bytes.fromhex(line["signature"]),
    )
    if checkpoint_line(found) != line:
        raise ValueError("not as a checkpoint is written")
    return found


def anchor_line(one: Anchor) -> dict[str, Any]:
    """An anchor as one line of an export."""
    line: dict[str, Any] = {"type": "anchor", **vars(one)}
    line["at"] = one.at.astimezone(UTC).isoformat()
    for name in ("until", "whole"):
        line[name] = line[name].isoformat()
    return {name: value.hex() if type(value) is bytes else value for name, value in line.items()}


def anchor_of(line: Mapping[str, Any]) -> Anchor:
    """The anchor of such a line. Raises as `checkpoint_of` does."""
    found = Anchor(
        number=int(line["number"]),
        last=int(line["last"]),
        hash=bytes.fromhex(line["hash"]),
        at=datetime.fromisoformat(line["at"]),
        previous=bytes.fromhex(line["previous"]),
        checkpoint=bytes.fromhex(line["checkpoint"]),
        gone=int(line["gone"]),
        until=date.fromisoformat(line["until"]),
        whole=date.fromisoformat(line["whole"]),
        days=bytes.fromhex(line["days"]),
        key=str(line["key"]),
        signature=bytes.fromhex(line["signature"]),
    )
    if anchor_line(found) != line:
        raise ValueError("not as an anchor is written")
    return found


def sealed_of(line: Mapping[str, Any]) -> Sealed:
    """The entry of one line of an export. Raises as `checkpoint_of` does."""
    at = datetime.fromisoformat(line["at"])
    if at.isoformat() != line["at"]:
        raise ValueError("not as a moment is written")
    said = {
        **line,
        "at": at,
        "subject_ids": seal.packed(line["subject_ids"]),
        "fields": seal.packed(line["fields"]),
        "shown": line["count"],
    }
    salt, veil = line["salt"], line.get("veil")
    return Sealed(
        number=int(line["seq"]),
        salt=None if salt is None else bytes.fromhex(salt),
        veil=None if veil is None else bytes.fromhex(veil),
        hash=bytes.fromhex(line["hash"]),
        stays=seal.told(said, seal.STAYS),
        goes=seal.told(said, seal.GOES),
    )


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
        beside=lambda: _unlinked(file),
    )


def _unlinked(file: Path) -> Finding | None:
    """The first entry that says of the link before it what it is not."""
    before: str | None = None
    for line in _lines(file):
        if "type" not in line:
            if before is not None and line.get("prev") != before:
                return Finding(Fault.CHANGED, int(line["seq"]))
            before = line["hash"]
    return None


def _around(file: Path) -> tuple[tuple[int, bytes], list[Checkpoint], list[Anchor]]:
    """Where the entries of an export start, and its checkpoints and anchors."""
    start: tuple[int, bytes] | None = None
    signed, anchors = [], []
    for line in _lines(file):
        if line.get("type") == "anchor":
            anchors.append(_read(anchor_of, line))
        elif "type" in line:
            signed.append(_read(checkpoint_of, line))
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
            found.append(_read(checkpoint_of, line))
    return found


def _before(line: Mapping[str, Any]) -> tuple[int, bytes]:
    return int(line["seq"]) - 1, bytes.fromhex(line["prev"])


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as opened:
        for text in opened:
            line = json.loads(text)
            if not isinstance(line, dict):
                raise ValueError("not an object")
            yield line


def _read(how: Callable[[Mapping[str, Any]], T], line: Mapping[str, Any]) -> T:
    try:
        return how(line)
    except (KeyError, TypeError) as error:
        raise ValueError("not a line of an export") from error


def unreadable(file: Path) -> Refused:
    """The refusal of a file that is no export, nor copies of checkpoints."""
    return Refused(mark("%(file)s is no export of an access log."), file=file)
