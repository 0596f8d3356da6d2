"""The number that a telephone system hands over, in whichever of its spellings."""

import re

from wesentra.crm.values import phone
from wesentra.refusal import Refused
from wesentra.texts import mark

_SCHEME = re.compile(r"^(?:tel|sips?|callto):", re.IGNORECASE)
_AFTER = re.compile(r"[;@?].*$")


def read(number: str, region: str) -> str:
    """The number as E.164; `region` is where a number without a country is dialled.

    A leading space is a plus that an address took for one. `tel:` and `sip:` addresses and
    international numbers without plus are read, too. Raises Refused for a hidden or wrong one.
    """
    typed = f"+{number[1:]}" if number.startswith(" ") else number
    typed = _AFTER.sub("", _SCHEME.sub("", typed.strip()).replace("%2B", "+"))
    if not typed:
        raise Refused(mark("The telephone system gave no number."), field="number")
    try:
        return phone.parse(typed, region)
    except Refused:
        if not (international := _without_plus(typed)):
            raise
        return international


def _without_plus(typed: str) -> str | None:
    """The number when only its plus is missing, `358 40 123 4567`."""
    if not typed[0].isdecimal() or typed[0] == "0":
        return None
    try:
        return phone.parse(f"+{typed}")
    except Refused:
        return None
