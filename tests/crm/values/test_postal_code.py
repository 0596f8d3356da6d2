"""Postal codes."""

import pytest

from wesentra.crm.values import postal_code
from wesentra.refusal import Refused


@pytest.mark.parametrize("typed", ["00100", " 00100 ", "FI-00100", "fi00100", "００１００"])
def test_a_finnish_code_keeps_its_zeros(typed: str) -> None:
    assert postal_code.parse(typed) == "00100"


@pytest.mark.parametrize("typed", ["", "100", "001000", "00 100", "CT2 7PP", "00100 HELSINKI"])
def test_a_wrong_finnish_code_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="five digits"):
        postal_code.parse(typed)


def test_other_countries_write_as_they_like() -> None:
    assert postal_code.parse("ct2  7pp", "GB") == "CT2 7PP"
    assert postal_code.parse("114 55", "SE") == "114 55"


@pytest.mark.parametrize("typed", ["", "=1+1", "1234567890123", "-12", "<b>"])
def test_what_is_no_code_anywhere_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        postal_code.parse(typed, "GB")
