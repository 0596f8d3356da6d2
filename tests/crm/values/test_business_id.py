"""Business IDs (Y-tunnus)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fi import ytunnus

from wesentra.crm.values import business_id
from wesentra.refusal import Refused

RIGHT = ["0112038-9", "2331972-7", "1572860-0", "2617416-4", "2077474-0", "0201124-8", "0000001-9"]
WRONG = [
    *["2077474-1", "0737546-1", "1234567-8", "2069746-9", "0000006-1", "0000014-0", "0000000-0"],
    *["", "Oy", "112038", "1120389", "0112038-99", "01120389 0", "SE556012579001", "٠١١٢٠٣٨-٩"],
]


@pytest.mark.parametrize("written", RIGHT)
def test_a_right_one_stays_as_it_is(written: str) -> None:
    assert business_id.parse(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "FI01120389",
        "fi 0112038-9",
        "01120389",
        " 112038-9 ",
        "0112038–9",
        "0112038 - 9",
        "０１１２０３８-９",
    ],
)
def test_other_spellings_become_the_one(written: str) -> None:
    assert business_id.parse(written) == "0112038-9"


@pytest.mark.parametrize("written", WRONG)
def test_a_wrong_one_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(Refused) as no:
        business_id.parse(written)
    assert "0112038-9" in str(no.value)


def test_the_vat_number_has_no_hyphen() -> None:
    assert business_id.vat_number("0112038-9") == "FI01120389"


@given(st.integers(1, 9_999_999))
def test_check_digits_agree_with_another_maker(number: int) -> None:
    base = f"{number:07}"
    right = {check for check in "0123456789" if ytunnus.is_valid(base + check)}
    ours = business_id.check_digit(base)
    assert right == ({ours} if ours else set())


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = business_id.parse(text)
    except Refused:
        return
    assert business_id.parse(found) == found
