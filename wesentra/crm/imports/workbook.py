"""The program that unpacks one spreadsheet: from standard input to rows of JSON.

It is run as a process of its own, because a spreadsheet of a kilobyte may ask for more memory
than there is, and the reader then ends the process that it is in. It imports nothing of
Wesentra, so it starts in an instant. Nothing on standard output means: no sheet holds anything.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 1_500_000_000
"""Bytes of address space."""

OUTPUT = 1_000_000_000
"""Bytes of rows: one long text may be named by a million cells."""

ROW = 1 << 22
"""Bytes of one row, so that whoever reads the rows needs no more."""

SECONDS = 120
"""Seconds of computing, for when nobody is left to end it."""

Cell = str | int | float | bool | date | datetime | time | timedelta


def main() -> None:
    """Unpack standard input; ends with an error when it cannot be done within the limits."""
    limit()
    unpack(sys.stdin.buffer, sys.stdout.buffer)


def limit() -> None:
    """Bound what this process may take, where the system can, and leave no memory behind."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_AS, MEMORY),
    ):
        with suppress(ValueError, OSError):  # a lower limit is in force, or none is possible
            resource.setrlimit(what, (most, most))


def unpack(source: BinaryIO, rows: BinaryIO) -> None:
    """Write the first visible sheet that holds anything: a line for each row, a list of texts."""
    sheet = _first(CalamineWorkbook.from_filelike(source))
    for cells in _texts(sheet) if sheet is not None else ():
        line = json.dumps(cells, ensure_ascii=False).encode()
        if len(line) > ROW:
            raise ValueError("a row is too long")
        rows.write(line + b"\n")
    rows.flush()


def _first(book: CalamineWorkbook) -> CalamineSheet | None:
    for index, meta in enumerate(book.sheets_metadata):
        if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_index(index)
            if sheet.height:
                return sheet
    return None


def _texts(sheet: CalamineSheet) -> Iterator[list[str]]:
    """Return the cells of each row as texts, without the empty ones at its end."""
    for cells in sheet.iter_rows():
        while cells and cells[-1] == "":
            cells.pop()
        yield [written(cell) for cell in cells]


def written(cell: Cell) -> str:
    """Return a cell as one would write it: 443378927.0 as 443378927, days as 2026-11-22."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    main()
