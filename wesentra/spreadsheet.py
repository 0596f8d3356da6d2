"""CSV that a Finnish Excel opens right by a double click, and that runs no formula there.

Semicolons, UTF-8 with BOM, CRLF, every cell in quotes. A cell that a spreadsheet would take for a
formula gets an apostrophe in front; telephone numbers begin with + and get one, too.
"""

import csv
import io
from collections.abc import Iterable
from typing import IO

BOM = b"\xef\xbb\xbf"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: object) -> str:
    """A cell's text, which no spreadsheet will calculate."""
    text = "" if cell is None else str(cell)
    # Spaces in front do not stop every program from calculating.
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def write(file: IO[bytes], heading: Iterable[object], rows: Iterable[Iterable[object]]) -> None:
    """Write a whole table; `rows` may be endless in memory, they are written one by one."""
    file.write(BOM)
    file.write(line(heading))
    for row in rows:
        file.write(line(row))


def line(cells: Iterable[object]) -> bytes:
    """One row with its end."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8")
