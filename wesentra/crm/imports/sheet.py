"""Spreadsheets (XLSX, XLS, ODS): the first visible sheet that holds anything."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from wesentra.crm.imports.raw import RawRow, Table
from wesentra.refusal import Refused
from wesentra.texts import mark

UNPACKED_LIMIT = 400_000_000
"""Bytes a packed spreadsheet may unpack to."""

MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

Cell = str | int | float | bool | date | datetime | time | timedelta


def read(stream: BinaryIO) -> Table:
    """Open a spreadsheet; its `headings` are filled in by the caller, who knows the words.

    Raises Refused when it is damaged, locked, empty or far larger inside than outside.
    """
    _refuse_bomb(stream)
    try:
        book = CalamineWorkbook.from_filelike(stream)
        sheet = _first(book)
    except (CalamineError, OSError, ValueError) as no:
        raise Refused(
            mark("The spreadsheet cannot be opened. Save it again as XLSX without a password.")
        ) from no
    if sheet is None:
        raise Refused(mark("The spreadsheet is empty."))
    return Table("xlsx", (), _rows(sheet))


def _refuse_bomb(stream: BinaryIO) -> None:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError):
        size = 0  # the reader says what is wrong with it
    stream.seek(0)
    if size > UNPACKED_LIMIT:
        raise Refused(mark("The spreadsheet is too large. Save it as CSV."))


def _first(book: CalamineWorkbook) -> CalamineSheet | None:
    for index, meta in enumerate(book.sheets_metadata):
        if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_index(index)
            if sheet.height:
                return sheet
    return None


def _rows(sheet: CalamineSheet) -> Iterator[RawRow]:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield RawRow(number, tuple(map(written, cells)))


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
