"""Headings, and the fields they go into."""

import pytest

from tests.crm.imports.files import HEADINGS
from wesentra.crm.imports import headings, mapping
from wesentra.crm.imports.raw import RawRow
from wesentra.refusal import Refused


def fields(*names: str, samples: tuple[RawRow, ...] = ()) -> list[str | None]:
    """Return what is proposed for headings."""
    return [column.field for column in mapping.propose(names, samples)]


def test_finnish_headings_are_known() -> None:
    assert fields(*HEADINGS) == [
        *("company", "business_id", "street", "postal_code", "post_office", "billing_address"),
        *("switchboard", "name", "title", "phone", "email", "group", "source", "note"),
    ]


@pytest.mark.parametrize("heading", ["Puhnro", "Puh.nro", "Puh. nro", "GSM", "gsm-numero"])
def test_short_words_for_a_telephone_number_are_known(heading: str) -> None:
    assert fields("Nimi", heading) == ["name", "phone"]


def test_swedish_headings_are_known() -> None:
    assert fields("Företag", "FO-nummer", "Besöksadress", "Postnr", "Ort", "Förnamn", "Efternamn",
                  "E-post", "Mobil", "Språk", "Källa") == [
        *("company", "business_id", "street", "postal_code", "post_office", "given_name"),
        *("family_name", "email", "phone", "language", "source"),
    ]  # fmt: skip


def test_english_headings_are_known_and_survey_columns_left_out() -> None:
    assert fields("Survey", "Respondent", "first_name", "last_name", "company_name", "address",
                  "city", "county", "postal", "phone1", "phone2", "email", "web") == [
        *(None, None, "given_name", "family_name", "company", "street", "post_office", None),
        *("postal_code", "phone", None, "email", None),
    ]  # fmt: skip


def test_every_word_of_the_list_means_its_field_and_no_other() -> None:
    for field in headings.FIELDS.values():
        for word in field.words:
            assert headings.meaning(word.upper()) == (field.key, headings.SURE), word


def test_a_surer_column_wins_over_a_likely_one() -> None:
    assert fields("Toimituksen puhelin", "Puhelin") == [None, "phone"]
    assert fields("Toimituksen puhelin") == ["phone"]


def test_a_whole_name_gives_way_to_its_parts() -> None:
    assert fields("Nimi", "Etunimi", "Sukunimi") == [None, "given_name", "family_name"]


def test_cells_show_what_a_heading_does_not() -> None:
    samples = (RawRow(2, ("aino@example.fi", "0112038-9", "x")), RawRow(3, ("", "", "")))
    assert fields("A", "B", "C", samples=samples) == ["email", "business_id", None]


@pytest.mark.parametrize(
    "content",
    [
        b'[columns]\n"Firman nimi" = "company"\nKenelle = "yhteyshenkil\xc3\xb6"\nTel = ""\n'
        b'[defaults]\ngroup = "prospect"\n',
        b'{"columns": {"firman NIMI": "company", "Kenelle": "name", "Tel": ""},'
        b' "defaults": {"group": "prospect"}}',
    ],
)
def test_a_user_says_it_in_a_file(content: bytes) -> None:
    columns, defaults = mapping.from_file(content, ("Firman nimi", "Kenelle", "Tel", "Email"))
    assert [column.field for column in columns] == ["company", "name", None, "email"]
    assert defaults == {"group": "prospect"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[columns", "neither TOML nor JSON"),
        (b"\xff\xfe", "neither TOML nor JSON"),
        (b'{"columns": ["a"]}', "texts only"),
        (b'{"columns": {"Nimi": 3}}', "texts only"),
        (b'{"columns": {"Puuttuu": "name"}}', "does not have: puuttuu"),
        (b'{"columns": {"Nimi": "shoe size"}}', "no field shoe size"),
        (b'{"columns": {"Nimi": "company", "Firma": "company"}}', "same field: Nimi, Firma"),
        (b'{"columns": {"Nimi": "", "Firma": ""}}', "Choose which column"),
    ],
)
def test_what_a_mapping_gets_wrong_is_said(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        mapping.from_file(content, ("Nimi", "Firma"))


def test_what_was_chosen_on_a_page_is_checked_and_kept() -> None:
    columns = mapping.chosen(("A", "B"), ("name", ""))
    kept = mapping.as_json(columns)
    assert mapping.from_json(kept, ("A", "B")) == columns
    assert [column.field for column in mapping.from_json(kept)] == ["name", None]
    with pytest.raises(Refused):
        mapping.chosen(("A",), ("password_hash",))
