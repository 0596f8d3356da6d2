"""Spreadsheets are unpacked by a process of its own, which may die or hang."""

import io
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import monotonic

import pytest

from tests.crm.imports.files import HEADINGS, person, workbook
from wesentra.crm.imports import sheet
from wesentra.crm.imports.reading import open_table
from wesentra.crm.imports.workbook import written
from wesentra.refusal import Refused

CANNOT = "The spreadsheet cannot be opened."


def stretched(cell: str) -> io.BytesIO:
    """A small workbook with one cell at A1 and one far away."""
    body = "".join(
        f'<row r="{name.lstrip("ADFX")}"><c r="{name}"><v>1</v></c></row>' for name in ("A1", cell)
    )
    plain = zipfile.ZipFile(workbook([["{}"]]))
    packed = io.BytesIO()
    with plain, zipfile.ZipFile(packed, "w") as file:
        for name in plain.namelist():
            content = plain.read(name).decode()
            start, found, end = content.partition("<sheetData>")
            if found:
                content = start + found + body + end[end.index("</sheetData>") :]
            file.writestr(name, content)
    return packed


def open_document(cells: str) -> io.BytesIO:
    """An ODS file with one row of these cells below two headings."""
    kinds = ("office", "table", "text")
    names = " ".join(
        f'xmlns:{kind}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"' for kind in kinds
    )
    heading = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = "<table:table-row>{}</table:table-row>"
    rows = row.format("".join(map(heading.format, ("Nimi", "Tieto")))) + row.format(cells)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "META-INF/manifest.xml",
            '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        file.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="A">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return packed


def test_days_and_numbers_come_through_as_one_would_write_them() -> None:
    cells = (
        '<table:table-cell office:value-type="date" office:date-value="2026-11-22"/>'
        '<table:table-cell office:value-type="float" office:value="443378927"/>'
    )
    (row,) = open_table(open_document(cells)).rows
    assert row.cells == ("2026-11-22", "443378927")


def test_a_small_stretched_sheet_is_read_and_its_rows_counted() -> None:
    (row,) = open_table(stretched("A900")).rows
    assert (row.line, row.cells) == (900, ("1",))


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded where the system can")
@pytest.mark.parametrize("cell", ["XFD1048576", "XFD3000"])
def test_a_sheet_stretched_beyond_all_memory_is_refused_and_the_process_lives(cell: str) -> None:
    with pytest.raises(Refused, match=CANNOT):
        open_table(stretched(cell))


def test_an_unpacker_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs = tmp_path / "hangs.py"
    hangs.write_text("import time\nprint('[]', flush=True)\ntime.sleep(600)\n")
    monkeypatch.setattr(sheet, "UNPACKER", hangs)
    began = monotonic()
    with pytest.raises(Refused, match=CANNOT) as no:
        sheet.read(workbook([HEADINGS]), seconds=0.2)
    assert isinstance(no.value.__cause__, subprocess.TimeoutExpired)
    assert monotonic() - began < 60


def test_rows_of_an_unpacker_that_died_halfway_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies = tmp_path / "dies.py"
    dies.write_text("import os\nprint('[\"Nimi\"]', flush=True)\nos.abort()\n")
    monkeypatch.setattr(sheet, "UNPACKER", dies)
    with pytest.raises(Refused, match=CANNOT):
        sheet.read(workbook([HEADINGS]))


def test_a_row_longer_than_any_real_one_is_refused() -> None:
    with pytest.raises(Refused, match=CANNOT):
        sheet.read(workbook([HEADINGS, ["x" * 5_000_000]]))


def test_a_workbook_without_cells_is_called_empty() -> None:
    with pytest.raises(Refused, match="empty"):
        sheet.read(workbook([]))


def test_a_file_on_disk_is_read_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "asiakkaat.xlsx"
    path.write_bytes(workbook([HEADINGS, person("Åke Örn")]).getvalue())
    with path.open("rb") as file:
        file.read(100)
        (row,) = open_table(file).rows
    assert list(row.cells) == person("Åke Örn")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Åke\r\n\u2028Örn", "Åke\r\n\u2028Örn"),
        (443378927.0, "443378927"),
        (0.5, "0.5"),
        (7, "7"),
        (True, "True"),
        (datetime(2026, 11, 22), "2026-11-22"),  # noqa: DTZ001 - a cell knows no zone
        (datetime(2026, 11, 22, 9, 30), "2026-11-22T09:30:00"),  # noqa: DTZ001
        (date(2026, 11, 22), "2026-11-22"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
    ],
)
def test_a_cell_becomes_what_one_would_write(cell: object, text: str) -> None:
    assert written(cell) == text  # type: ignore[arg-type]


def test_line_ends_inside_a_cell_stay_in_it() -> None:
    (row,) = open_table(workbook([["Nimi", "Tieto"], ["Åke", "a\nb\u2028c"]])).rows
    assert row.cells == ("Åke", "a\nb\u2028c")
