"""Opening a file of unknown kind: what it is, where its headings stand, then its rows."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from typing import BinaryIO

from wesentra.crm.imports import headings, separated, sheet
from wesentra.crm.imports.raw import RawRow, Table
from wesentra.refusal import Refused
from wesentra.texts import mark

TITLE_ROWS = 10
"""Rows above the headings that may hold the title of the list."""


def fingerprint(stream: BinaryIO) -> str:
    """Return the SHA-256 of the whole stream; rewinds it."""
    digest = sha256()
    stream.seek(0)
    while chunk := stream.read(1 << 18):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()


def open_table(stream: BinaryIO) -> Table:
    """Recognise the file in `stream` (seekable, binary) and return it with its headings.

    The stream has to stay open while the rows are read. Raises Refused for a file that holds no
    table.
    """
    stream.seek(0)
    start = stream.read(64)
    stream.seek(0)
    if start.lstrip(b"\xef\xbb\xbf\r\n ").upper().startswith(b"BEGIN:VCARD"):
        raise Refused(mark("vCards cannot be brought in yet. Save the contacts as CSV."))
    table = sheet.read(stream) if start.startswith(sheet.MAGIC) else separated.read(stream)
    return _with_headings(table)


def _with_headings(table: Table) -> Table:
    """Find the row of headings among the first rows and put those after it back."""
    first: list[RawRow] = []
    for row in table.rows:
        if not row.is_blank and not _declares_separator(row):
            first.append(row)
        if len(first) >= TITLE_ROWS:
            break
    if not first:
        raise Refused(mark("The file is empty."))
    at = next((i for i, row in enumerate(first) if headings.known(row.cells) > 1), 0)
    table.headings = _named(first[at].cells)
    after: Iterator[RawRow] = chain(first[at + 1 :], table.rows)
    if isinstance(table.rows, separated.Rows):
        table.rows.start_over(width=len(first[at].cells))
        after = _below(first[at].line, table.rows)
    table.rows = _fitting(after, len(table.headings))
    return table


def _below(line: int, rows: Iterator[RawRow]) -> Iterator[RawRow]:
    return (row for row in rows if row.line > line)


def _declares_separator(row: RawRow) -> bool:
    return row.line == 1 and row.cells[0].lower() == "sep="


def _named(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headings without blanks; empty ones at the end are no columns."""
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _fitting(rows: Iterator[RawRow], width: int) -> Iterator[RawRow]:
    """Fill short rows up, drop blank ones and blank cells too many; a text too many is a fault."""
    for row in rows:
        if row.is_blank:
            continue
        cells = row.cells
        if len(cells) == width or row.fault:
            yield row
        elif any(cell.strip() for cell in cells[width:]):
            yield RawRow(row.line, cells, mark("The row has more cells than there are headings."))
        else:
            yield RawRow(row.line, (cells + ("",) * width)[:width])
