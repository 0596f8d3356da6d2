"""The Finnish business ID (Y-tunnus, FO-nummer): `NNNNNNN-C`.

The check digit is a weighted sum modulo 11 over the seven digits; the remainder 1 was never
issued. The VAT number is `FI` and the same eight digits. IDs of old companies had six digits
before the hyphen; today they are written with a zero in front.
"""

import re

from wesentra.crm.values.line import without_invisible
from wesentra.refusal import Refused
from wesentra.texts import mark

WEIGHTS = (7, 9, 10, 5, 8, 4, 2)
EXAMPLE = "0112038-9"

_DASHES = re.compile(r"[\u2010-\u2015\u2212\u00ad]")
_SHAPE = re.compile(r"(?:FI)?-?(?:(\d{6,7})-(\d)|(\d{7})(\d))", re.ASCII | re.IGNORECASE)


def parse(text: str) -> str:
    """Return the business ID in `text` as `NNNNNNN-C`, from a VAT number and old forms too.

    Raises Refused when it has not the shape of one or its check digit is wrong.
    """
    typed = without_invisible(_DASHES.sub("-", text))
    shape = _SHAPE.fullmatch("".join(typed.split()))
    if shape is None:
        raise Refused(
            mark(
                "This does not look like a business ID: %(value)s. "
                "It has seven digits, a hyphen and a check digit, for example %(example)s."
            ),
            value=text.strip(),
            example=EXAMPLE,
        )
    base, check = (shape[1] or shape[3]).zfill(7), shape[2] or shape[4]
    if check_digit(base) != check or base == "0000000":
        raise Refused(
            mark(
                "This business ID is not right: %(value)s. Its last digit does not fit the "
                "others. A right one looks like %(example)s."
            ),
            value=text.strip(),
            example=EXAMPLE,
        )
    return f"{base}-{check}"


def check_digit(base: str) -> str | None:
    """Return the check digit of seven digits, or None where no ID was ever issued."""
    remainder = sum(w * int(d) for w, d in zip(WEIGHTS, base, strict=True)) % 11
    if remainder == 1:
        return None
    return str((11 - remainder) % 11)


def vat_number(business_id: str) -> str:
    """Return the VAT number (`FI` and eight digits) of a business ID in `NNNNNNN-C` form."""
    return "FI" + business_id.replace("-", "")
