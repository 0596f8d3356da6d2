"""E-invoice addresses and operators."""

import pytest

from wesentra.crm.values import einvoice
from wesentra.refusal import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("003701120389", "003701120389"),
        ("0037 0112038-9", "003701120389"),
        ("003701120389lasku", "003701120389LASKU"),
        ("FI21 1234 5600 0007 85", "FI2112345600000785"),
    ],
)
def test_an_address_is_kept_without_blanks(typed: str, kept: str) -> None:
    assert einvoice.parse(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "0037", "003712345678", "003701120389ABCDEF", "FI2112345600000786", "lasku@example.fi"],
)
def test_a_wrong_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused) as no:
        einvoice.parse(typed)
    assert einvoice.EXAMPLE in str(no.value)


def test_an_address_of_a_group_company_is_told_apart() -> None:
    assert einvoice.owner("003701120389LASKU") == "0112038-9"
    assert einvoice.is_of_another("003701120389", "2331972-7")
    assert not einvoice.is_of_another("003701120389", "0112038-9")
    assert not einvoice.is_of_another("FI2112345600000785", "0112038-9")
    assert not einvoice.is_of_another("003701120389", None)


@pytest.mark.parametrize("typed", ["DABAFIHH", "dabafihh xxx", "0037 23327487"])
def test_an_operator_is_known_by_its_code(typed: str) -> None:
    assert einvoice.is_operator_code(einvoice.operator(typed))


def test_an_operator_by_name_is_taken_and_can_be_warned_about() -> None:
    assert einvoice.operator(" Maventa  ") == "Maventa"
    assert not einvoice.is_operator_code("Maventa")
