"""Numbers of records as they come in addresses and forms: what no record can have is none."""

from typing import Any

from werkzeug.routing import IntegerConverter

from wesentra.models.base import IDS_END


class IdConverter(IntegerConverter):
    """`<int:…>` in an address; a number beyond all records is not found."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": IDS_END - 1, **options})


def number(text: str) -> int:
    """The number of a record; raises ValueError for what cannot be one."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(IDS_END))):
        raise ValueError
    found = int(text)
    if found >= IDS_END:
        raise ValueError
    return found


def chosen(text: str) -> int | None:
    """The number of the record that was chosen; None for what is no number of one."""
    try:
        return number(text)
    except ValueError:
        return None
