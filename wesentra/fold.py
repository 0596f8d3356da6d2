"""Spellings for machines: for finding, and for Finnish order, on any database.

Computed here because no collation is the same in SQLite and PostgreSQL everywhere.
"""

import re
import unicodedata

LOOKED_AT = 4000
"""Characters beyond which no text is even looked at: to bring accents into their order takes the
square of their number, minutes for what fits into a form."""
_STROKED = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h",
     "ŧ": "t", "ŋ": "n", "ǥ": "g", "ı": "i", "ĸ": "k"}
)  # fmt: skip
_QUOTES = str.maketrans(dict.fromkeys("'\u2019\u2018\u02bc`\u00b4"))
_ACCENT = re.compile("[\u0300-\u036f]")
_SIGN = re.compile("[\\x00-\\x2f:-@[-`{-\\x7f]+")
_LATIN = re.compile("[ 0-9A-Za-zÀ-ÖØ-öø-ɏ]*")
_AFTER_Z = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y"})


def fold(text: str) -> str:
    """Return `text` for finding: no size of letters, no accents, ß as ss, æ as ae, å as a."""
    if text.isascii():
        return text.lower()
    return _bare(unicodedata.normalize("NFKD", text[:LOOKED_AT]).casefold())


def words(text: str) -> list[str]:
    """Return the folded words of `text`, each once, in their order; O'Brien is one word."""
    folded = fold(text.translate(_QUOTES))
    return list(dict.fromkeys(_spaced(folded).split()))


def sort_key(text: str) -> str:
    """Return a key whose binary order is Finnish order: å, ä, ö come after z, ü stands with y.

    The three letters become `{`, `|` and `}`, which follow `z` in ASCII; signs become spaces,
    so that shorter first words come first.
    """
    lower = unicodedata.normalize("NFC", text[:LOOKED_AT].translate(_QUOTES)).lower()
    spaced = _spaced(lower)
    if spaced.isascii():
        return " ".join(spaced.split())
    return " ".join(_bare(unicodedata.normalize("NFKD", spaced.translate(_AFTER_Z))).split())


def _bare(decomposed: str) -> str:
    """Return decomposed text without its accents and strokes, small and stable."""
    bare = _ACCENT.sub("", decomposed)
    if bare.isascii():
        return bare.lower()
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    again = unicodedata.normalize("NFKD", bare.translate(_STROKED).casefold())
    return again if again == decomposed else _bare(again)


def _spaced(text: str) -> str:
    """Return `text` with a space for everything that is no letter, digit or accent."""
    spaced = _SIGN.sub(" ", text)
    if spaced.isascii() or _LATIN.fullmatch(spaced):
        return spaced
    return "".join(
        char if char.isalnum() or unicodedata.combining(char) else " " for char in spaced
    )
