"""Files of every encoding, separator and line end."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest

from tests.crm.imports.files import FAULTY, HEADINGS, MULTI_LINE, person, separated, workbook
from wesentra.crm.imports.raw import RawRow
from wesentra.crm.imports.reading import open_table
from wesentra.refusal import Refused

ROWS = [person(), person("Åke Örn", note=MULTI_LINE), person("Éva Saari"), *FAULTY.values()]
CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp850")


def read(content: bytes | str) -> list[RawRow]:
    """Return the rows of a file."""
    return list(table(content).rows)


def table(content: bytes | str):  # type: ignore[no-untyped-def]
    return open_table(io.BytesIO(content.encode() if isinstance(content, str) else content))


def packed_for_a_later_version() -> bytes:
    """A ZIP whose list of contents asks for a version of ZIP that there is not."""
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w") as written:
        written.writestr("a", "b")
    at = pack.getvalue().index(b"PK\x01\x02")
    return pack.getvalue()[: at + 6] + b"\xff" + pack.getvalue()[at + 7 :]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("separator", list(";,\t"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_whatever_it_was_saved_as(codec: str, separator: str, end: str) -> None:
    text = separated([HEADINGS, *ROWS], separator, end)
    found = table(text.encode(codec))
    assert found.headings == HEADINGS
    assert found.separator == separator
    assert [list(row.cells) for row in found.rows] == ROWS


def test_a_row_knows_the_line_on_which_it_starts() -> None:
    text = separated([HEADINGS, person(note="a\nb\r\nc"), person(note=MULTI_LINE), person()])
    assert [row.line for row in read(text)] == [2, 5, 7]


def test_a_single_odd_byte_does_not_spoil_the_other_names() -> None:
    good = separated([HEADINGS, *[person("Åke Örn")] * 20]).encode()
    rows = read(good + b"\xff" * 1 + separated([person()]).encode())
    assert rows[0].cells[7] == "Åke Örn"
    assert rows[-1].cells[0].startswith("\ufffd")


def test_a_title_above_the_headings_and_blank_rows_are_passed_over() -> None:
    text = "Asiakkaat 2026;;\r\n\r\n" + separated([HEADINGS, person()]) + ";;;\r\n\r\n"
    found = table(text)
    assert found.headings == HEADINGS
    assert [row.line for row in found.rows] == [4]


def test_the_separator_that_excel_declares_is_taken() -> None:
    found = table("sep=|\r\nYritys|Nimi\r\nA;B|C;D\r\n")
    assert found.headings == ("Yritys", "Nimi")
    assert [row.cells for row in found.rows] == [("A;B", "C;D")]


def test_a_single_column_is_a_table_too() -> None:
    assert [row.cells for row in read("Nimi\nAino Saari\nTimo Mäkinen\n")] == [
        ("Aino Saari",),
        ("Timo Mäkinen",),
    ]


@pytest.mark.parametrize("where", [0, 5, 19])
def test_an_unclosed_quotation_mark_costs_only_its_own_row(where: int) -> None:
    rows = [["Yritys", "Nimi"], *[[f"Yritys {n}", f"Nimi {n}"] for n in range(20)]]
    lines = separated(rows).splitlines(keepends=True)
    lines[where + 1] = f'"Yritys {where};Nimi {where}\r\n'
    lines[3] = 'Yritys 2;"Nimi ""2"""\r\n' if where != 2 else lines[3]
    found = read("".join(lines))
    assert [row.line for row in found] == list(range(2, 22))
    assert [bool(row.fault) for row in found] == [n == where for n in range(20)]


def test_short_rows_are_filled_and_long_ones_are_faults() -> None:
    short, padded, long = read("Yritys;Nimi;Puhelin\na;b\nc;d;e;;\nf;g;h;i\n")
    assert short.cells == ("a", "b", "")
    assert padded.cells == ("c", "d", "e")
    assert "more cells" in long.fault


def test_a_nul_in_a_cell_stays_a_fault_of_its_row() -> None:
    assert [row.line for row in read(separated([HEADINGS, person("A\x00ke"), *ROWS]))][:2] == [2, 3]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\r\n\r\n",
        b"\x00\x01\x02" * 100,
        b"\x89PNG\r\n\x1a\n" + bytes(500),
        b"\xef\xbb\xbfBEGIN:VCARD\r\nFN:Aino\r\nEND:VCARD\r\n",
        b"PK\x03\x04 broken",
        packed_for_a_later_version(),
        b"\xd0\xcf\x11\xe0 broken",
        b"x" * (1 << 21),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(Refused):
        read(content)


def test_a_spreadsheet_is_read_with_its_row_numbers() -> None:
    book = workbook([["Lista"], HEADINGS, person(), [], person("Åke Örn", note=MULTI_LINE)], top=3)
    found = open_table(book)
    assert found.kind == "xlsx"
    assert found.headings == HEADINGS
    rows = list(found.rows)
    assert [row.line for row in rows] == [5, 7]
    assert list(rows[1].cells) == person("Åke Örn", note=MULTI_LINE)


def test_numbers_in_a_spreadsheet_become_what_one_sees() -> None:
    (row,) = open_table(workbook([["Nimi", "Postinumero", "Puhelin"], ["A", 100, 443378927]])).rows
    assert row.cells == ("A", "100", "443378927")


def test_reading_needs_the_same_memory_for_any_length() -> None:
    def peak(count: int) -> int:
        content = io.BytesIO(separated([HEADINGS, *[person()] * count]).encode())
        tracemalloc.start()
        rows: Iterator[RawRow] = open_table(content).rows
        assert sum(1 for _ in rows) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(20_000) < peak(2_000) + 200_000
