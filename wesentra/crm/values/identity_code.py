"""Finding a Finnish personal identity code (henkilötunnus) in running text, to keep it out.

The register has no place for one (§ 29 of the Data Protection Act 1050/2018: only where
identification is necessary). Century signs: `+` 1800s; `-` and, from 2023, Y X W V U 1900s;
`A` and, from 2023, B C D E F 2000s. The check character is the nine digits modulo 31.
"""

import re
from calendar import monthrange

from wesentra.crm.values.line import without_invisible
from wesentra.fold import LOOKED_AT

CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
MASK = "●●●●●●-●●●●"
"""Stands where a code stood. It counts as one, so that nobody brings the text in unread."""

SHORTEST = 10
NEAR = 40
"""Characters on either side in which a word can name a code."""

_CENTURY = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_SHAPE = re.compile(
    r"(?<!\d)(\d\d)(\d\d)(\d\d)\s?([-+YXWVUABCDEF]?)\s?(\d{3})\s?([0-9A-Y])(?![0-9A-Za-zÅÄÖåäö])",
    re.IGNORECASE | re.ASCII,
)
_NAMED = re.compile(
    r"\bhetu|henkilötunnu|\bsotu|sosiaaliturvatunnu|personbeteckning|personnummer"
    r"|identity code|social security|personal id\b",
    re.IGNORECASE,
)


def found_in(text: str) -> bool:
    """Tell whether a personal identity code stands anywhere in `text`.

    One that fails its own check counts only when it has a century sign and a word near by
    names it; else telephone numbers and invoice numbers would be taken for one.
    """
    plain = _DASHES.sub("-", without_invisible(text))
    return MASK in plain or any(_counts(plain, shape) for shape in _SHAPE.finditer(plain))


def masked(text: str) -> str:
    """Return `text` with a MASK in the place of every code; other text stays as it is.

    What has to be kept for a while, such as a rejected row of an import, is kept without it.
    """
    if len(text) < SHORTEST:
        return text
    plain = _DASHES.sub("-", text if len(text) > LOOKED_AT else without_invisible(text))
    if not any(_counts(plain, shape) for shape in _SHAPE.finditer(plain)):
        return text
    return _SHAPE.sub(lambda shape: MASK if _counts(plain, shape) else shape[0], plain)


def _counts(text: str, shape: re.Match[str]) -> bool:
    """Tell whether this shape is a code: by its own check, or because a word says so."""
    right = _is_date(shape) and _check_character(shape) == shape[6].upper()
    if right and shape[4]:
        return True
    near = text[max(0, shape.start() - NEAR) : shape.end() + NEAR]
    return bool((right or shape[4]) and _NAMED.search(near))


def _is_date(shape: re.Match[str]) -> bool:
    """Tell whether the six first digits are a day that was in the century of the sign."""
    day, month = int(shape[1]), int(shape[2])
    year = _CENTURY.get(shape[4].upper(), 2000) + int(shape[3])
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _check_character(shape: re.Match[str]) -> str:
    return CHECK_CHARACTERS[int(shape[1] + shape[2] + shape[3] + shape[5]) % 31]
