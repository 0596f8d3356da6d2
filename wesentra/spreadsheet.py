"""CSV that a Finnish Excel opens right by a double click, and that runs no formula there.

Semicolons, UTF-8 with BOM, CRLF, every cell in quotes. A cell that a spreadsheet would take for a
formula gets an apostrophe in front, but for a telephone number: one plus and digits only (E.164)
are a value and no formula, and people read it as it is.
"""

import csv
import io
import re
from collections.abc import Iterable
from typing import IO

BOM = b"\xef\xbb\xbf"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

_TELEPHONE = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
"""A number as ITU-T E.164 has it: neither operator nor name nor address of a cell follows."""


def harmless(cell: object) -> str:
    """A cell's text, which no spreadsheet will calculate."""
    text = "" if cell is None else str(cell)
    if _TELEPHONE.fullmatch(text):
        return text
    # Spaces in front do not stop every program from calculating.
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def write(file: IO[bytes], heading: Iterable[object], rows: Iterable[Iterable[object]]) -> int:
    """Write a whole table, row by row, so that they may be many; the number of rows."""
    file.write(BOM)
    file.write(line(heading))
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last one counts them
        file.write(line(row))
    return count


def line(cells: Iterable[object]) -> bytes:
    """One row with its end."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8")
