"""Notes, and what must not stand in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wesentra.crm.values import identity_code, note
from wesentra.refusal import Refused

SIGNS = {"+": 18, **dict.fromkeys("-YXWVU", 19), **dict.fromkeys("ABCDEF", 20)}


def code(day: int, month: int, year: int, sign: str, individual: int) -> str:
    """Return a personal identity code with its right check character."""
    digits = f"{day:02}{month:02}{year:02}"
    check = identity_code.CHECK_CHARACTERS[int(f"{digits}{individual:03}") % 31]
    return f"{digits}{sign}{individual:03}{check}"


@given(
    st.integers(1, 28), st.integers(1, 12), st.integers(0, 99),
    st.sampled_from(sorted(SIGNS)), st.integers(2, 999), st.booleans(),
)  # fmt: skip
def test_every_century_sign_is_known(
    day: int, month: int, year: int, sign: str, individual: int, small: bool
) -> None:
    written = code(day, month, year, sign, individual)
    assert identity_code.found_in(f"Tunnus on {written.lower() if small else written}.")


@pytest.mark.parametrize(
    "text",
    ["131052-308T", "131052–308t", "131052 - 308T", "(131052-308T)", "131052\u200b-308T",
     "hetu 131052308T", "hetu:131052-308X", "Henkilötunnuksensa on 310299-999X",
     "personbeteckning 131052-308X", "rivi\n131052-308T\nrivi", "010594Y9032"],
)  # fmt: skip
def test_a_note_with_an_identity_code_is_refused(text: str) -> None:
    with pytest.raises(Refused) as no:
        note.check(text)
    assert "131052" not in str(no.value)


@pytest.mark.parametrize(
    "text",
    ["131052-308X", "soita 040123-4567", "hetu puuttuu, soita 0401234567", "lasku 131052308T",
     "tilaus 991399-123A", "1234567-8", "FI2112345600000785"],
)  # fmt: skip
def test_other_numbers_are_no_identity_codes(text: str) -> None:
    assert note.check(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("hetu 131052-308T, soita", "hetu ●●●●●●-●●●●, soita"),
        ("131052–308T ja 010594Y9032", "●●●●●●-●●●● ja ●●●●●●-●●●●"),
        ("soita 040 1234567", "soita 040 1234567"),
        ("040–123", "040–123"),
    ],
)
def test_a_code_can_be_masked_and_still_counts(text: str, kept: str) -> None:
    assert identity_code.masked(text) == kept
    assert identity_code.found_in(kept) == ("●" in kept)


def test_a_note_keeps_its_lines_with_one_kind_of_end() -> None:
    assert note.check(" eka\r\ntoka\rkolmas\t! ") == "eka\ntoka\nkolmas\t!"


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "x" * 501, "\ud800"])
def test_unprintable_and_long_notes_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        note.check(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sairauslomalla selkäleikkauksen takia", ["sairauslomalla", "selkäleikkauksen"]),
        ("Keuhkosyöpä todettu", ["Keuhkosyöpä"]),
        ("Ammattiliiton aktiivi, liiton jäsen", ["Ammattiliiton", "liiton jäsen"]),
        ("on raskaana", ["raskaana"]),
        ("helluntailainen, ei kahvia", ["helluntailainen"]),
        ("romani", ["romani"]),
        ("kokoomuslainen valtuutettu", ["kokoomuslainen"]),
        ("on kuulemma homo", ["homo"]),
        ("tuomittiin rattijuopumuksesta", ["tuomittiin", "rattijuopumuksesta"]),
        ("sjukskriven till maj", ["sjukskriven"]),
        ("fackligt förtroendevald", ["fackligt"]),
        ("on sick leave after surgery", ["sick", "surgery"]),
        ("a trade union member", ["trade union"]),
        ("syöpä, SYÖPÄ ja syöpä", ["syöpä", "SYÖPÄ"]),
    ],
)
def test_words_of_special_categories_are_noticed(text: str, words: list[str]) -> None:
    assert note.sensitive_words(text) == words


@pytest.mark.parametrize(
    "text",
    ["terveyskeskus Oy", "Suomen Syöpäyhdistys ry", "Allergia Center Oy", "Terveystalo",
     "budjettileikkaus", "sairausvakuutus päättyy", "homogeeninen tuote", "matka Romaniaan",
     "tuomioistuimen lasku", "the same account is disabled", "Christian Berg", "invalid number",
     "Helsingin seurakuntayhtymä tilasi kahvia", "raskas kuorma", "soita maanantaina klo 9",
     "rotukoira mukana", "messut 2025", "uusi puhelinluettelo"],
)  # fmt: skip
def test_names_and_business_do_not_raise_the_alarm(text: str) -> None:
    assert note.sensitive_words(text) == []


@given(st.text(max_size=60))
def test_any_text_is_kept_or_refused(text: str) -> None:
    note.sensitive_words(text)
    try:
        kept = note.check(text)
    except Refused:
        return
    assert note.check(kept) == kept
