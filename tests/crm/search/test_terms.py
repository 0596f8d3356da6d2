"""What somebody types, as the words that are looked for."""

import pytest

from wesentra.crm.search import caller, terms
from wesentra.refusal import Refused


@pytest.mark.parametrize(
    "typed",
    ["0401234567", "040 123 4567", "040-123 45 67", "(040) 1234567", "040/123.4567"],
)
def test_the_digits_of_a_number_are_one_word(typed: str) -> None:
    assert terms.of(typed) == ["0401234567"]


@pytest.mark.parametrize(
    "typed", ["+358 40 1234567", "00358401234567", "+358 (0)40 123 4567", "358-40-1234567"]
)
def test_an_international_number_loses_its_plus(typed: str) -> None:
    assert terms.of(typed) == ["358401234567"]


def test_words_are_folded_and_the_longest_comes_first() -> None:
    assert terms.of("Åsa Väyrynen-O'Brien") == ["vayrynen", "obrien", "asa"]


def test_a_name_and_a_number_stay_two_words() -> None:
    assert terms.of("Mäkinen 040 123") == ["makinen", "040123"]


def test_short_numbers_stay_what_they_are() -> None:
    assert terms.of("Auto 24 7") == ["auto", "24", "7"]


def test_an_address_is_one_word() -> None:
    assert terms.of("Timo@Auto.example.fi") == ["timo@auto.example.fi"]


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "\x00", "+", "()", "'"])
def test_signs_alone_are_no_words(typed: str) -> None:
    assert terms.of(typed) == []


@pytest.mark.parametrize("typed", ["a" * 5000, "b " * 5000, "1 " * 3000, "c@\x00d", "\U0010ffff"])
def test_whatever_is_typed_becomes_few_short_words(typed: str) -> None:
    found = terms.of(typed)
    assert len(found) <= terms.MOST
    assert all(len(word) <= terms.LONGEST and word.isprintable() for word in found)


@pytest.mark.parametrize(
    "number",
    ["+358401234567", " 358401234567", "%2B358401234567", "0401234567", "040-123 45 67",
     "358401234567", "00358401234567", "tel:+358401234567", "sip:0401234567@pbx.local",
     "tel:+358-40-123-4567;phone-context=x"],
)  # fmt: skip
def test_every_spelling_of_a_callers_number_is_read(number: str) -> None:
    assert caller.read(number, "FI") == "+358401234567"


@pytest.mark.parametrize("number", ["", " ", "anonymous", "123", "sip:", "+", "0"])
def test_a_callers_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(Refused):
        caller.read(number, "FI")
