"""What somebody typed into the search, as the words by which people and companies are indexed."""

import re

from wesentra.crm.values import fold

MOST = 6
"""More words than this only make a search slow; the longest ones tell enough."""
LONGEST = 80
FEWEST_DIGITS = 5
"""From so many digits on, spaces and hyphens between them are those of a number."""

_NUMBER = re.compile(r"(?<![\w@.])\+?[\d(][\d\s()/.\u2010-\u2015\u00a0-]*\d(?![\w@])")
_TRUNK = re.compile(r"\(0\)")
_INTERNATIONAL = re.compile(r"^\s*00")


def of(text: str) -> list[str]:
    """The words to look for, longest first, each once; `040 123-4567` is one of them."""
    found: list[str] = []
    plain = "".join(char if char.isprintable() else " " for char in text)
    rest = _NUMBER.sub(lambda number: _take(number[0], found), plain)
    for part in rest.split():
        found += [part.casefold()] if "@" in part else fold.words(part)
    unique = dict.fromkeys(word[:LONGEST] for word in found)
    return sorted(unique, key=len, reverse=True)[:MOST]


def _take(number: str, found: list[str]) -> str:
    """Put a number's digits among the words found; leave what is too short to be one."""
    digits = "".join(filter(str.isdecimal, _TRUNK.sub("", number)))
    if len(digits) < FEWEST_DIGITS:
        return number
    found.append(digits.removeprefix("00") if _INTERNATIONAL.match(number) else digits)
    return " "
