"""Telephone numbers: read as people type them, kept as E.164, shown as the country writes them.

A number is taken when the numbering plan knows it, and also when it only *could* be one: the
tables of numbering plans are always behind the real one (049 was given to nobody when this was
written, and offices hand out such numbers in their lists), and to refuse a person's real number
is worse than to keep a doubtful one. A doubtful number must have at least `DOUBTFUL_DIGITS`
digits, so that half-typed numbers are still refused; `is_assigned` tells the two apart, and the
import warns when many numbers of a file are doubtful, because then its country is usually wrong.
"""

import re
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from wesentra.crm.values.line import without_invisible
from wesentra.refusal import Refused
from wesentra.texts import mark

REGIONS = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""The countries (ISO 3166 two letters) that can be chosen: those to which one can telephone."""
DOUBTFUL_DIGITS = 7
EXAMPLE = "040 123 4567"

_LABEL = re.compile(
    r"^(?:tel|puh|puhelin|gsm|matkap|mob|mobile|tfn|phone|p)[.:]?\s*(?=[\d+(])", re.IGNORECASE
)
_FILLING = str.maketrans(dict.fromkeys(" -()"))
_PLAIN_FINNISH = re.compile(r"(?:(\+358|00358)|0)((?:4\d|50)\d{7})", re.ASCII)
"""Finnish mobile numbers of the usual length: right or doubtful, never wrong. Recognised here,
they spare an import a third of its time; a test holds this against the long way."""

_LETTER = re.compile(r"[^\W\d_]")


def parse(text: str, region: str = "FI") -> str:
    """Return the number in `text` as E.164 (`+358401234567`).

    `region` (ISO 3166 two letters) is where a number without a country is dialled. Raises
    Refused for what is no number, has letters or an extension, or is too short or too long.
    """
    plain = _PLAIN_FINNISH.fullmatch(text.translate(_FILLING))
    if plain is not None and (plain[1] or region == "FI"):
        return f"+358{plain[2]}"
    typed = _LABEL.sub("", without_invisible(text).strip())
    if _LETTER.search(typed):
        raise _no_number(text)
    try:
        number = phonenumbers.parse(typed, region)
    except NumberParseException as no:
        raise _no_number(text) from no
    if number.extension:
        raise Refused(
            mark(
                "Leave the extension out of the number: %(value)s. A number looks like %(example)s."
            ),
            value=text.strip(),
            example=EXAMPLE,
        )
    if not phonenumbers.is_possible_number(number) or not _full(number):
        raise Refused(
            mark(
                "This telephone number is too short or too long: %(value)s. "
                "A right one looks like %(example)s."
            ),
            value=text.strip(),
            example=EXAMPLE,
        )
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_assigned(e164: str) -> bool:
    """Tell whether the numbering plan of its country knows such a number."""
    return phonenumbers.is_valid_number(phonenumbers.parse(e164))


def spellings(e164: str) -> tuple[str, ...]:
    """Return the digits a search may meet: international without plus, national with its 0."""
    if e164.startswith("+358"):
        return (e164[1:], "0" + e164[4:])
    number = phonenumbers.parse(e164)
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    trunk = phonenumbers.ndd_prefix_for_region(region, True) or ""
    national = trunk + phonenumbers.national_significant_number(number)
    return (e164.lstrip("+"), national)


def show(e164: str, region: str = "FI") -> str:
    """Return the number for reading: national inside `region`, international from elsewhere."""
    number = _stored(e164)
    at_home = number.country_code == _country_code(region)
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


@cache
def _country_code(region: str) -> int:
    return phonenumbers.country_code_for_region(region)


def _stored(e164: str) -> phonenumbers.PhoneNumber:
    """Return a stored number in its parts; to parse it again takes several times as long.

    No country code is the beginning of another one, so the shortest that fits is the right one.
    """
    for end in (2, 3, 4):
        code, national = int(e164[1:end]), e164[end:]
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            zeros = len(national) - len(national.lstrip("0"))
            return phonenumbers.PhoneNumber(
                country_code=code,
                national_number=int(national),
                italian_leading_zero=True if zeros else None,
                number_of_leading_zeros=zeros if zeros > 1 else None,
            )
    return phonenumbers.parse(e164)


def _full(number: phonenumbers.PhoneNumber) -> bool:
    """Tell whether the number is known to the plan or at least long enough to be one."""
    digits = phonenumbers.national_significant_number(number)
    return len(digits) >= DOUBTFUL_DIGITS or phonenumbers.is_valid_number(number)


def _no_number(text: str) -> Refused:
    """Return the refusal of something that is no telephone number."""
    return Refused(
        mark("This is not a telephone number: %(value)s. A right one looks like %(example)s."),
        value=text.strip(),
        example=EXAMPLE,
    )
