"""What one check says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wesentra.refusal import Refused
from wesentra.texts import mark


class Level(StrEnum):
    """How something stands: as it should, worse than it could, or not as it has to."""

    GOOD = "good"
    WEAK = "weak"
    WRONG = "wrong"


LEVELS: Mapping[Level, str] = {
    Level.GOOD: mark("good"),
    Level.WEAK: mark("weak"),
    Level.WRONG: mark("WRONG"),
}


class Word(str):
    """A message id among the values of a sentence: it is translated as well."""

    __slots__ = ()


@dataclass(frozen=True)
class Checked:
    """What was checked, how it stands, and the sentence that mends it (empty: `said` tells it).

    All are message ids, with places for `values`; a date among those is written as people do.
    """

    what: str
    level: Level
    said: str
    mend: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


def good(what: str, said: str, **values: object) -> Checked:
    """As it should be."""
    return Checked(what, Level.GOOD, said, values=values)


def weak(what: str, said: str, mend: str, **values: object) -> Checked:
    """It works, and could be safer."""
    return Checked(what, Level.WEAK, said, mend, values)


def wrong(what: str, said: str, mend: str, **values: object) -> Checked:
    """Something is broken or open."""
    return Checked(what, Level.WRONG, said, mend, values)


def refused(what: str, no: Refused) -> Checked:
    """A rule of the register says what is wrong, and what mends it."""
    return Checked(what, Level.WRONG, no.sentence, values=no.values)
