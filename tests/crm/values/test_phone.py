"""Telephone numbers."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wesentra.crm.values import phone
from wesentra.refusal import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(047) 3642312", "+358473642312"),
        ("0443378927", "+358443378927"),
        ("+358 46 7667674", "+358467667674"),
        ("00358405551234", "+358405551234"),
        ("00 358 40 555 1234", "+358405551234"),
        ("+358 (0)40 555 1234", "+358405551234"),
        ("tel:+358-40-555-1234", "+358405551234"),
        ("Puh. 040 5551234", "+358405551234"),
        ("040\u00a0555\u20111234", "+358405551234"),
        ("\u202d+358405551234\u202c", "+358405551234"),
        ("029 566 6700", "+358295666700"),
        ("020 1234", "+358201234"),
        ("09 123 456", "+3589123456"),
        ("+46 70 123 45 67", "+46701234567"),
    ],
)
def test_what_people_type_becomes_one_spelling(typed: str, kept: str) -> None:
    assert phone.parse(typed) == kept


@pytest.mark.parametrize("typed", ["0491588553", "049 143 3074", "+358 49 1982227"])
def test_a_number_the_tables_do_not_know_yet_is_taken(typed: str) -> None:
    number = phone.parse(typed)
    assert not phone.is_assigned(number)
    assert number.startswith("+35849")


def test_a_number_without_country_is_dialled_in_the_region() -> None:
    assert phone.parse("01835-703597", "GB") == "+441835703597"
    assert not phone.is_assigned(phone.parse("01835-703597", "FI"))


@pytest.mark.parametrize(
    "typed",
    ["soita vaihteeseen", "", "112", "040 123", "040 555 1234 / 050 555 1234", "0800 KUKKAT",
     "040 5551234 (Matti)", "+999 123 4567", "09 123 4567 ext 3", "0" * 300],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused) as no:
        phone.parse(typed)
    assert phone.EXAMPLE in str(no.value)


def test_a_search_meets_both_spellings() -> None:
    assert phone.spellings("+358405551234") == ("358405551234", "0405551234")
    assert phone.spellings("+3725123456") == ("3725123456", "5123456")


def test_numbers_are_shown_as_the_reader_dials_them() -> None:
    assert phone.show("+358405551234") == "040 5551234"
    assert phone.show("+358405551234", "SE") == "+358 40 5551234"
    assert phone.show("+46701234567") == "+46 70 123 45 67"


@given(st.text(alphabet="+0123456789 ()-./telex", max_size=25))
def test_what_is_kept_reads_back_as_itself(text: str) -> None:
    try:
        kept = phone.parse(text)
    except Refused:
        return
    assert phone.parse(kept) == kept
    assert phone.parse(phone.show(kept, "FI")) == kept
    assert all(digits.isdigit() for digits in phone.spellings(kept))


@given(
    st.sampled_from(["+358", "00358", "0", "+358 ", "0-"]),
    st.sampled_from(["4", "50", "40", "049"]),
    st.from_regex(r"[0-9 ()-]{6,10}", fullmatch=True),
    st.sampled_from(["FI", "SE"]),
)
def test_the_short_way_for_usual_numbers_ends_where_the_long_one_does(
    start: str, prefix: str, rest: str, region: str
) -> None:
    def read() -> str:
        try:
            return phone.parse(start + prefix + rest, region)
        except Refused as no:
            return no.sentence

    short = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phone, "_PLAIN_FINNISH", re.compile("(?!)"))
        assert read() == short


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        assert phone.parse(text).startswith("+")
