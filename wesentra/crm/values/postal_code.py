"""Postal codes: five digits in Finland, whatever the country writes elsewhere."""

import re

from wesentra.crm.values.line import tidy, without_invisible
from wesentra.refusal import Refused
from wesentra.texts import mark

FOREIGN_LIMIT = 12
_FINNISH = re.compile(r"(?:FI-?|FIN-?)?(\d{5})", re.ASCII | re.IGNORECASE)
_FOREIGN = re.compile(r"[0-9A-Z](?:[0-9A-Z -]{0,10}[0-9A-Z])?")


def parse(text: str, country: str = "FI") -> str:
    """Return the postal code; leading zeros stay.

    Raises Refused unless it has five digits (`country` FI) or, abroad, at most twelve letters,
    digits, spaces and hyphens.
    """
    typed = tidy(without_invisible(text)).upper()
    if country == "FI":
        finnish = _FINNISH.fullmatch(typed)
        if finnish is None:
            raise Refused(
                mark(
                    "This is not a Finnish postal code: %(value)s. "
                    "It has five digits, for example 00100."
                ),
                value=text.strip(),
            )
        return finnish[1]
    if _FOREIGN.fullmatch(typed) is None:
        raise Refused(
            mark(
                "This is not a postal code: %(value)s. It has at most %(limit)s letters, digits, "
                "spaces and hyphens, for example 114 55."
            ),
            value=text.strip(),
            limit=FOREIGN_LIMIT,
        )
    return typed
