"""The lines of an export: an entry, a checkpoint, an anchor, and how each is read again. Pure.

What is read has to be what would be written, or somebody else wrote it.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any, TypeVar

from wesentra.audit import seal
from wesentra.audit.anchor import Anchor
from wesentra.audit.material import Sealed
from wesentra.audit.seal import Checkpoint

Signed = TypeVar("Signed", Checkpoint, Anchor)

TYPES = {Checkpoint: "checkpoint", Anchor: "anchor"}
_READ: Mapping[Any, Any] = {
    int: int,
    str: str,
    bytes: bytes.fromhex,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}

_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("request_id", "role", "purpose", "operation", "subject_type"), (str,)),
    **dict.fromkeys(("at", "outcome", "channel", "source", "endpoint", "prev", "hash"), (str,)),
    **dict.fromkeys(("id", "seq", "count"), (int,)),
    **dict.fromkeys(("actor_id", "reason_id"), (int, NoneType)),
    **dict.fromkeys(("salt", "veil"), (str, NoneType)),
    **dict.fromkeys(("subject_ids", "fields"), (list,)),
    "unsealed": (dict,),
}
"""The keys of an entry's line, and what stands under each."""


def signed_line(one: Checkpoint | Anchor) -> dict[str, Any]:
    """A checkpoint or an anchor as one line of an export."""
    said = {name: _written(value) for name, value in vars(one).items()}
    return {"type": TYPES[type(one)], **said}


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def signed_of(kind: type[Signed], line: Mapping[str, Any]) -> Signed:
    """The checkpoint or anchor of such a line.

    Raises KeyError, TypeError, OverflowError or ValueError for another one.
    """
    found = kind(**{one.name: _READ[one.type](line[one.name]) for one in fields(kind)})
    if signed_line(found) != line:
        raise ValueError("not as it is written")
    return found


def entry_line(record: Mapping[str, Any], seals: Mapping[str, bytes | None]) -> dict[str, Any]:
    """An entry (`records.record`) with its seals as one line.

    The name of whoever acted is the user's of today and no seal covers it: it stands apart.
    """
    line = {**record, "seq": record["id"], "unsealed": {"actor": record["actor"]}}
    line |= {name: None if value is None else value.hex() for name, value in seals.items()}
    del line["actor"]
    return line


def sealed_of(line: Mapping[str, Any]) -> Sealed:
    """The entry of one line of an export; one that says too much has no leaf. Raises as above."""
    at = datetime.fromisoformat(line["at"])
    if at.astimezone(UTC).isoformat() != line["at"]:
        raise ValueError("not as a moment is written")
    packed = {name: seal.packed(line[name]) for name in ("subject_ids", "fields")}
    salt, veil = (_bytes(line[name]) for name in ("salt", "veil"))
    said = {**line, **packed, "at": at, "shown": line["count"]}
    is_plain = _is_plain(line)
    return Sealed(
        number=int(line["seq"]),
        salt=salt if is_plain else None,
        veil=veil if is_plain else None,
        hash=bytes.fromhex(line["hash"]),
        stays=seal.told(said, seal.STAYS),
        goes=seal.told(said, seal.GOES),
    )


def _bytes(digits: str | None) -> bytes | None:
    return None if digits is None else bytes.fromhex(digits)


def _is_plain(line: Mapping[str, Any]) -> bool:
    """Whether a line says what an entry says, and nothing beside it that no seal would cover."""
    if line.keys() != _KINDS.keys() or line["id"] != line["seq"]:
        return False
    if any(type(line[name]) not in kinds for name, kinds in _KINDS.items()):
        return False
    if any(line[name] != sorted(line[name]) for name in ("subject_ids", "fields")):
        return False
    if line["unsealed"] != {"actor": str(line["unsealed"].get("actor"))}:
        return False
    return line["salt"] is None or line["veil"] is None
