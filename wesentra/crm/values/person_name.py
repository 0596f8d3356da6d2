"""Names of people: one cell taken apart into given names and family name."""

from typing import NamedTuple

from wesentra.crm.values.line import check, tidy
from wesentra.refusal import Refused
from wesentra.texts import mark

NAME_LIMIT = 80
"""Characters of the given names, and of the family name."""

_PARTICLES = """
af al bin da dal dalla de del della den der des di do dos du el ibn la las le los st. ten ter
van vom von zu zum zur
"""
PARTICLES = frozenset(_PARTICLES.split())
"""Words that open a family name when they stand before its last word."""


class PersonName(NamedTuple):
    """A name in two parts; either may be empty, not both."""

    given: str
    family: str


def split(text: str) -> PersonName:
    """Take a whole name apart: `Laitinen, Märta`, `Timo Mäkinen`, `MÄKINEN Timo`.

    A single word is taken as the family name, by which the register is sorted. Raises Refused
    for what cannot be a name.
    """
    whole = tidy(text)
    family, comma, given = whole.partition(",")
    if comma and family.strip() and given.strip():
        return PersonName(part(given), part(family))
    words = whole.replace(",", " ").split()
    if not words:
        raise Refused(mark("The name is missing."))
    if len(words) > 1 and _shouted(words[0]) and not any(_shouted(word) for word in words[1:]):
        return PersonName(part(" ".join(words[1:])), part(words[0]))
    start = _family_start(words)
    return PersonName(part(" ".join(words[:start])), part(" ".join(words[start:])))


def part(text: str) -> str:
    """Return one part of a name tidied, maybe empty; refuse what cannot stand in a name."""
    name = check(text, NAME_LIMIT)
    if "@" in name or (name and not any(char.isalpha() for char in name)):
        raise Refused(
            mark("This is not a name: %(value)s. A right one looks like Aino Virtanen."),
            value=name,
        )
    return name


def _family_start(words: list[str]) -> int:
    """Return the index at which the family name starts, its particles included."""
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in PARTICLES:
        start -= 1
    return 0 if start == 1 and words[0] in PARTICLES else start


def _shouted(word: str) -> bool:
    """Tell whether a word stands in capitals, as family names do in some lists."""
    return len(word) > 2 and word.isupper()
