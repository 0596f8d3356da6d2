"""E-mail addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wesentra.crm.values import email_address
from wesentra.refusal import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("SANNA.LAINE.47@TURUSENMETALLI.EXAMPLE.FI ", "sanna.laine.47@turusenmetalli.example.fi"),
        ("mailto:aino@example.fi", "aino@example.fi"),
        ("aino\u200b@example.fi", "aino@example.fi"),
        ("åke@örn.example.fi", "åke@örn.example.fi"),
        ("aino+lasku@yritys.test", "aino+lasku@yritys.test"),
    ],
)
def test_an_address_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert email_address.parse(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "ei ole", "timo.makinen.0(at)lahtisenauto.example.fi", "a@b@c.fi", "a@b", "@example.fi",
     "a@example.fi, b@example.fi", "a@example.fi; b@example.fi", "Aino <aino@example.fi>",
     "aino @example.fi", "aino@example.invalid", "a" * 250 + "@example.fi", "a@[127.0.0.1]"],
)  # fmt: skip
def test_a_wrong_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused) as no:
        email_address.parse(typed)
    assert email_address.EXAMPLE in str(no.value)


@given(st.from_regex(r"[A-Za-z0-9._+-]{1,12}@[a-z0-9.-]{1,14}\.(fi|com|test|local|invalid|c|xn--p1ai)",
                     fullmatch=True))  # fmt: skip
def test_the_short_way_for_usual_addresses_ends_where_the_long_one_does(text: str) -> None:
    def read() -> str:
        try:
            return email_address.parse(text)
        except Refused as no:
            return no.sentence

    short = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(email_address, "_is_plain", lambda address: False)
        assert read() == short


@given(st.text(max_size=40) | st.emails())
def test_what_is_kept_reads_back_as_itself(text: str) -> None:
    try:
        kept = email_address.parse(text)
    except Refused:
        return
    assert email_address.parse(kept) == kept
