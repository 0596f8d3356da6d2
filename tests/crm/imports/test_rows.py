"""Rows, right and wrong."""

import json

import pytest

from tests.crm.imports.files import FAULTY, HEADINGS, MULTI_LINE, person
from wesentra.crm.imports import mapping, rows, suspicious
from wesentra.crm.imports.raw import RawRow
from wesentra.crm.imports.record import Checked, Defaults, Record

COLUMNS = mapping.propose(HEADINGS)


def check(cells: list[str], **options: object) -> Checked:
    """Return what becomes of a row."""
    return rows.check(RawRow(2, tuple(cells)), COLUMNS, Defaults(**options))  # type: ignore[arg-type]


def record(cells: list[str], **options: object) -> Record:
    found = check(cells, **options)
    assert isinstance(found, Record), found
    return found


def test_a_right_row_becomes_a_clean_record() -> None:
    found = record(person("Laitinen, Märta", email="MARTA@ORNIN.EXAMPLE.FI ", note=MULTI_LINE))
    assert found.company == {
        "company": "Örnin Auto Oy", "business_id": "0112038-9", "street": "Ahventie 17",
        "postal_code": "02100", "post_office": "ESPOO", "billing_address": "PL 9, 02100 ESPOO",
        "switchboard": "+358443378927", "country": "FI",
    }  # fmt: skip
    assert found.contact == {
        "given_name": "Märta", "family_name": "Laitinen", "title": "ostaja",
        "phone": "+358473642312", "email": "marta@ornin.example.fi", "note": MULTI_LINE,
    }  # fmt: skip
    assert (found.group, found.source, found.group_said) == (
        "contract-customer",
        "messut 2025",
        True,
    )


@pytest.mark.parametrize("fault", FAULTY)
def test_a_wrong_value_rejects_its_row_with_the_reason(fault: str) -> None:
    found = check(FAULTY[fault])
    assert isinstance(found, list)
    assert [fault in reason.sentence for reason in found] == [True]


def test_every_wrong_cell_of_a_row_is_named() -> None:
    found = check(person(phone="x", email="y"))
    assert isinstance(found, list)
    assert [reason.column for reason in found] == [9, 10]


def test_reasons_never_hold_the_cell() -> None:
    for cells in FAULTY.values():
        found = check(cells)
        assert isinstance(found, list)
        kept = json.dumps([[r.column, r.sentence, r.values] for r in found], ensure_ascii=False)
        assert not any(cell in kept for cell in cells if len(cell) > 3)


def test_group_and_source_come_from_the_row_else_from_the_import() -> None:
    bare = person(group="", source="")
    found = record(bare, group="prospect", source="luettelo")
    assert (found.group, found.source, found.group_said) == ("prospect", "luettelo", False)
    lacking = check(bare)
    assert isinstance(lacking, list)
    assert len(lacking) == 2


def test_a_company_alone_is_taken_and_a_contact_without_name_is_not() -> None:
    cells = person("", "", "", note="")
    cells[8] = ""
    assert record(cells).contact == {}


def test_numbers_are_dialled_in_the_region() -> None:
    cells = person(phone="01835-703597")
    cells[1], cells[3], cells[6] = "", "CT2 7PP", "-"
    found = record(cells, region="GB")
    assert found.contact["phone"] == "+441835703597"
    assert found.company["country"] == "GB"


def test_zeros_that_a_spreadsheet_ate_come_back() -> None:
    cells = person()
    cells[3] = "100"
    assert record(cells).company["postal_code"] == "00100"


def test_sensitive_notes_are_taken_when_said_to_be_needed() -> None:
    cells = FAULTY["special category"]
    assert record(cells, keep_sensitive=True).contact["note"].startswith("sairaus")


def test_letters_that_could_not_be_read_reject_the_row() -> None:
    assert isinstance(check(person("M\ufffdrta Laitinen")), list)


def test_country_and_language_are_taken_by_name() -> None:
    columns = mapping.propose(("Nimi", "Maa", "Kieli", "Puhelin", "Yritys"))
    cells = ("Åke Örn", "Sverige", "ruotsi", "070-123 45 67", "Örns Bil Ab")
    found = rows.check(RawRow(2, cells), columns, Defaults("prospect", "x"))
    assert isinstance(found, Record)
    assert found.company["country"] == "SE"
    assert found.contact["phone"] == "+46701234567"
    assert found.contact["language"] == "sv"


@pytest.mark.parametrize("country", ["ZZ", "EU", "tuntematon alue", "Narnia"])
def test_a_country_that_there_is_not_is_refused(country: str) -> None:
    columns = mapping.propose(("Nimi", "Maa"))
    found = rows.check(RawRow(2, ("Åke Örn", country)), columns, Defaults("prospect", "x"))
    assert isinstance(found, list)


@pytest.mark.parametrize("cell", ["=1+1", " =SUM(A1)", "@SUM(A1)", "+cmd|' /C calc'!A0", "-A.B(1)"])
def test_formulas_are_recognised(cell: str) -> None:
    assert suspicious.is_formula(cell)


@pytest.mark.parametrize("cell", ["+358 40 1234567", "- soita", "@aino", "-12", "a=b"])
def test_numbers_and_dashes_are_no_formulas(cell: str) -> None:
    assert not suspicious.is_formula(cell)


def test_cells_for_a_spreadsheet_compute_nothing() -> None:
    assert suspicious.harmless("=1+1") == "'=1+1"
    assert suspicious.harmless("+358") == "'+358"
    assert suspicious.harmless("Aino") == "Aino"
