"""Spreadsheets (XLSX, XLSB, XLS, ODS): the first visible sheet that holds anything."""

import json
import logging
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO

from wesentra.crm.imports.raw import RawRow, Table
from wesentra.refusal import Refused
from wesentra.texts import mark

log = logging.getLogger(__name__)

UNPACKED_LIMIT = 400_000_000
"""Bytes a packed spreadsheet may unpack to."""

PARTS_LIMIT = 2000
LIST_LIMIT = 1 << 19
"""Files in a packed spreadsheet, and bytes of the list of them. A real one has some hundred."""

LIST_END, FAR_LIST_END = b"PK\x05\x06", b"PK\x06\x07"
"""Where the list is said to be, and where a list beyond 4 GB is (APPNOTE.TXT, 4.3.15, 4.3.16)."""

TAIL = (1 << 16) + 22 + 20
"""Bytes at the end in which those two are looked for."""

SECONDS = 60.0
"""How long a spreadsheet may take to be unpacked."""

MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

UNPACKER = Path(__file__).with_name("workbook.py")
"""The program that unpacks; named by its file, so that it runs from any folder."""


def read(stream: BinaryIO, seconds: float = SECONDS) -> Table:
    """Open a spreadsheet; its `headings` are filled in by the caller, who knows the words.

    Another process unpacks it, within bounds of memory and for `seconds` at most, into a file
    that has no name. Raises Refused when the spreadsheet is damaged, locked, empty or far larger
    inside than outside.
    """
    _refuse_bomb(stream)
    rows = tempfile.TemporaryFile()  # noqa: SIM115 - they are read after this function
    try:
        _unpack(stream, rows, seconds)
        if not rows.seek(0, 2):
            raise Refused(mark("The spreadsheet is empty."))
    except BaseException:
        rows.close()
        raise
    rows.seek(0)
    return Table("xlsx", (), _rows(rows))


def _refuse_bomb(stream: BinaryIO) -> None:
    if _has_long_list(stream):
        raise _too_large()
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as packed:
            sizes = [entry.file_size for entry in packed.infolist()]
    except (zipfile.BadZipFile, NotImplementedError):
        sizes = []  # the reader says what is wrong with it
    stream.seek(0)
    if sum(sizes) > UNPACKED_LIMIT or len(sizes) > PARTS_LIMIT:
        raise _too_large()


def _has_long_list(stream: BinaryIO) -> bool:
    """Whether the file says that it has far too many parts: to list the million that fits into
    a file takes this process twelve seconds and 400 MB, and it serves everybody."""
    stream.seek(max(0, stream.seek(0, 2) - TAIL))
    tail = stream.read()
    places = [found.start() + 12 for found in re.finditer(LIST_END, tail)]
    lengths = [int.from_bytes(tail[place : place + 4], "little") for place in places]
    return FAR_LIST_END in tail or any(length > LIST_LIMIT for length in lengths)


def _too_large() -> Refused:
    return Refused(mark("The spreadsheet is too large. Save it as CSV."))


def _unpack(stream: BinaryIO, rows: IO[bytes], seconds: float) -> None:
    """Let the other process write the rows of `stream`, of which it gets a copy."""
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        try:
            subprocess.run(  # noqa: S603 - this interpreter, with a program of our own
                [sys.executable, "-P", str(UNPACKER)],
                stdin=copy,
                stdout=rows,
                stderr=subprocess.DEVNULL,  # it might quote what stands in the file
                timeout=seconds,
                check=True,
            )
        except subprocess.SubprocessError as no:
            log.warning("a spreadsheet was not unpacked: %s", no)
            raise Refused(
                mark("The spreadsheet cannot be opened. Save it again as XLSX without a password.")
            ) from no


def _rows(lines: IO[bytes]) -> Iterator[RawRow]:
    with lines:
        for number, line in enumerate(lines, start=1):
            yield RawRow(number, tuple(json.loads(line)))
