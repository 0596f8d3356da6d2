"""Spellings for finding and for sorting."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from wesentra.crm.values import fold

IN_FINNISH_ORDER = [
    "Aalto", "Anna-Liisa", "Annala", "Müller", "Myllymäki", "Mäkinen", "Mäkinen-Saari",
    "Mäkinen Virtanen", "Zacharias", "Åberg", "Åström", "Äijö", "Öberg", "Örn",
]  # fmt: skip


def test_binary_order_of_keys_is_finnish_order() -> None:
    backwards = IN_FINNISH_ORDER[::-1]
    assert sorted(backwards, key=lambda name: fold.sort_key(name).encode()) == IN_FINNISH_ORDER


def test_accents_and_sizes_do_not_matter_for_finding() -> None:
    assert fold.fold("MÄKINEN") == fold.fold("ma\u0308kinen") == "makinen"
    assert fold.fold("Straße") == "strasse"
    assert fold.fold("Þórður Żółć Sørensen Æbeltoft") == "thordur zolc sorensen aebeltoft"


def test_words_are_what_people_type() -> None:
    assert fold.words("Anna-Liisa O’Brien") == ["anna", "liisa", "obrien"]
    assert fold.words("aino.virtanen@example.fi") == ["aino", "virtanen", "example", "fi"]
    assert fold.words("Oy Oy") == ["oy"]
    assert fold.words(" - ") == []


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold.fold(fold.fold(text)) == fold.fold(text)


@given(st.text())
def test_composed_and_decomposed_fold_alike(text: str) -> None:
    forms = {fold.fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    keys = {fold.sort_key(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(forms) == len(keys) == 1


@given(st.text())
def test_words_have_no_blanks_and_no_accents(text: str) -> None:
    for word in fold.words(text):
        assert word == fold.fold(word)
        assert not any(char.isspace() for char in word)
