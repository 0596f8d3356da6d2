"""One line of text: names of companies, titles, streets, cities, sources."""

import unicodedata

from wesentra.fold import LOOKED_AT
from wesentra.refusal import Refused
from wesentra.texts import mark

LINE_LIMIT = 200
"""Characters that any single line may have, unless its column says less."""

_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""They stand around text copied from telephones and pages; left alone, they make a name read
otherwise than it is stored."""


def bounded(text: str) -> str:
    """Return `text` without marks that turn the direction of other letters round.

    Refuses what is far too long for any field before it costs anything.
    """
    if len(text) > LOOKED_AT:
        raise _too_long(text, LOOKED_AT)
    return text if text.isascii() else text.translate(_TURNING)


def tidy(text: str) -> str:
    """Compose `text` (NFC), turn every run of blanks into one space and strip the ends."""
    return " ".join(unicodedata.normalize("NFC", bounded(text)).split())


def check(text: str, limit: int = LINE_LIMIT) -> str:
    """Return `text` tidied; refuse control characters and more than `limit` characters."""
    line = tidy(text)
    if not line.isprintable() and has_control(line):
        raise Refused(mark("The text has a character that cannot be shown. Type it again."))
    if len(line) > limit:
        raise _too_long(line, limit)
    return line


def _too_long(text: str, limit: int) -> Refused:
    return Refused(
        mark("The text is too long: %(length)s characters, when %(limit)s is the most."),
        length=len(text),
        limit=limit,
    )


def has_control(text: str, allowed: str = "") -> bool:
    """Tell whether `text` has NUL, another control character or half a surrogate pair."""
    return any(unicodedata.category(char) in ("Cc", "Cs") and char not in allowed for char in text)


def without_invisible(text: str) -> str:
    """Return `text` in compatibility form (NFKC) without zero-width and direction marks."""
    wide = unicodedata.normalize("NFKC", bounded(text))
    if wide.isascii():
        return wide
    return "".join(char for char in wide if unicodedata.category(char) != "Cf")
