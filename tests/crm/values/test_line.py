"""One line of text."""

import contextlib
import time

import pytest

from wesentra.crm.values import (
    business_id,
    einvoice,
    email_address,
    fold,
    line,
    note,
    person_name,
    phone,
    postal_code,
)
from wesentra.refusal import Refused


def test_blanks_are_tidied_and_letters_composed() -> None:
    assert line.check("  Ma\u0308kisen\u00a0 Maalaus\n Oy ") == "Mäkisen Maalaus Oy"


@pytest.mark.parametrize("text", ["a\x00b", "a\x7fb", "\x1b[31m", "\udc80", "x" * 201])
def test_unprintable_and_long_lines_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        line.check(text)


def test_signs_of_every_script_are_let_through() -> None:
    assert line.check("Café 株式会社 🎉") == "Café 株式会社 🎉"


@pytest.mark.parametrize(
    "turn", [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
)
def test_marks_that_turn_the_direction_round_are_taken_out(turn: str) -> None:
    assert line.check(f"{turn}Mäki{turn}nen") == "Mäkinen"
    assert note.check(f"eka{turn}\ntoka") == "eka\ntoka"
    assert person_name.part(f"{turn}Aino") == "Aino"


@pytest.mark.parametrize(
    "read",
    [
        line.check,
        note.check,
        note.sensitive_words,
        fold.words,
        fold.sort_key,
        person_name.split,
        phone.parse,
        email_address.parse,
        postal_code.parse,
        business_id.parse,
        einvoice.parse,
        einvoice.operator,
    ],
    ids=lambda read: f"{read.__module__.rpartition('.')[2]}.{read.__name__}",
)
def test_a_million_accents_on_one_letter_stop_nobody(read: object) -> None:
    """To bring them into their order would take hours, in which nobody else is answered."""
    started = time.perf_counter()
    with contextlib.suppress(Refused):
        read("a" + "\u0301\u0316" * 500_000)  # type: ignore[operator]
    assert time.perf_counter() - started < 3
