"""Names of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wesentra.crm.values import person_name
from wesentra.crm.values.line import tidy
from wesentra.refusal import Refused


@pytest.mark.parametrize(
    ("whole", "given_names", "family"),
    [
        ("Laitinen, Märta", "Märta", "Laitinen"),
        ("Timo Mäkinen", "Timo", "Mäkinen"),
        ("  Timo   Mäkinen ", "Timo", "Mäkinen"),
        ("Anna-Liisa von Wright", "Anna-Liisa", "von Wright"),
        ("von Wright, Anna-Liisa", "Anna-Liisa", "von Wright"),
        ("von Wright", "", "von Wright"),
        ("Van Morrison", "Van", "Morrison"),
        ("Juan Carlos de la Cruz", "Juan Carlos", "de la Cruz"),
        ("MÄKINEN Timo", "Timo", "MÄKINEN"),
        ("TIMO MÄKINEN", "TIMO", "MÄKINEN"),
        ("Mäkinen", "", "Mäkinen"),
        ("Mäkinen,", "", "Mäkinen"),
        ("A\u0308ke Saari", "Äke", "Saari"),
    ],
)
def test_a_name_is_taken_apart(whole: str, given_names: str, family: str) -> None:
    assert person_name.split(whole) == (given_names, family)


@pytest.mark.parametrize(
    "whole", ["", " , ", "1234", "aino@example.fi", "Aino\x00 Saari", "A" * 81]
)
def test_what_is_no_name_is_refused(whole: str) -> None:
    with pytest.raises(Refused):
        person_name.split(whole)


@given(st.text(max_size=40))
def test_no_letter_is_lost(whole: str) -> None:
    try:
        name = person_name.split(whole)
    except Refused:
        return
    kept = tidy(f"{name.family} {name.given}")
    letters = [char for char in tidy(whole) if char.isalnum()]
    assert sorted(letters) == sorted(char for char in kept if char.isalnum())
