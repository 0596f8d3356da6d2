"""One line of text."""

import pytest

from wesentra.crm.values import line
from wesentra.refusal import Refused


def test_blanks_are_tidied_and_letters_composed() -> None:
    assert line.check("  Ma\u0308kisen\u00a0 Maalaus\n Oy ") == "Mäkisen Maalaus Oy"


@pytest.mark.parametrize("text", ["a\x00b", "a\x7fb", "\x1b[31m", "\udc80", "x" * 201])
def test_unprintable_and_long_lines_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        line.check(text)


def test_signs_of_every_script_are_let_through() -> None:
    assert line.check("Café 株式会社 🎉") == "Café 株式会社 🎉"
