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


def listing(parts: int, *, far: bool = False) -> io.BytesIO:
    """The list of a packed file with so many parts, and none of them in it."""
    entry = b"PK\x01\x02" + bytes(24) + b"\x01\x00" + bytes(16) + b"a"
    assert len(entry) == 47
    length = parts * len(entry)
    told = 0 if far else length
    end = b"PK\x05\x06" + bytes(4) + min(parts, 0xFFFF).to_bytes(2, "little") * 2
    end += told.to_bytes(4, "little") + (4).to_bytes(4, "little") + bytes(2)
    there = b""
    if far:
        numbers = (44, 45 | 45 << 16, 0, parts, parts, length, 4)
        sizes = (8, 4, 8, 8, 8, 8, 8)
        there = b"PK\x06\x06" + b"".join(
            number.to_bytes(size, "little") for number, size in zip(numbers, sizes, strict=True)
        )
        there += b"PK\x06\x07" + bytes(4) + (4 + length).to_bytes(8, "little")
        there += (1).to_bytes(4, "little")
    return io.BytesIO(b"PK\x03\x04" + entry * parts + there + end)


TOO_LARGE = "The spreadsheet is too large"


@pytest.mark.parametrize("far", [False, True])
def test_a_spreadsheet_of_very_many_parts_is_refused_before_they_are_listed(
    monkeypatch: pytest.MonkeyPatch, far: bool
) -> None:
    """To list a million takes seconds and 400 MB, in the process that serves everybody."""
    few = listing(10, far=far)
    assert len(zipfile.ZipFile(few).infolist()) == 10  # what is built here is what is meant
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(Refused, match=TOO_LARGE):
        sheet.read(listing(1_300_000, far=far))


def test_a_spreadsheet_of_too_many_parts_is_refused() -> None:
    with pytest.raises(Refused, match=TOO_LARGE):
        sheet.read(listing(sheet.PARTS_LIMIT + 1))


def test_a_spreadsheet_that_unpacks_to_more_than_there_should_be_is_refused() -> None:
    packed = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(packed, "w", kind) as file, file.open("sheet1.xml", "w") as part:
        for _ in range(sheet.UNPACKED_LIMIT // (1 << 20) + 1):
            part.write(bytes(1 << 20))
    assert packed.tell() < 4_000_000
    with pytest.raises(Refused, match=TOO_LARGE):
        sheet.read(packed)


@pytest.mark.parametrize("kind", ["file", "laughs"])
def test_entities_of_a_spreadsheet_lead_nowhere(tmp_path: Path, kind: str) -> None:
    """XML may name a file of the machine, or itself ten times ten times ten times."""
    secret = tmp_path / "secret.txt"
    secret.write_text("salainen")
    laughs = "".join(f'<!ENTITY l{depth} "{f"&l{depth - 1};" * 10}">' for depth in range(1, 10))
    declared = {
        "file": f'<!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        "laughs": f'<!DOCTYPE w [<!ENTITY l0 "salainen">{laughs}<!ENTITY x "&l9;">]>',
    }[kind]
    plain = zipfile.ZipFile(workbook([["Nimi", "Tieto"], ["Åke", "ENTITY"]]))
    packed = io.BytesIO()
    with plain, zipfile.ZipFile(packed, "w") as file:
        for name in plain.namelist():
            content = plain.read(name).decode().replace("ENTITY", "&x;")
            head, end, rest = content.partition("?>")
            file.writestr(name, head + end + declared + rest if "sheet1" in name else content)
    try:
        rows = list(open_table(packed).rows)
    except Refused:
        return
    assert "salainen" not in repr(rows)


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
