"""The plain records that rules look at, and what they find."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime

from wesentra import clock
from wesentra.audit.spans import Row

Facts = dict[str, int]
"""The numbers in the sentence of a rule."""


@dataclass(frozen=True)
class Context:
    """What rules need to know beside the entries; people and users are numbers.

    `work`: when a user had a contact or a task with a person; `surnames`: the users with a
    person's surname; `namesakes`: the user of a person's whole name; `former`: since when somebody
    is a former customer; `sources`: addresses known before the month; `leaving`: when an account
    was closed in the month; `days`: how many people each user opened on each day, lately and in the
    month; `people`: who is in the register (None: everybody).
    """

    work: Mapping[tuple[int, int], Sequence[datetime]] = field(default_factory=dict)
    surnames: Mapping[int, frozenset[int]] = field(default_factory=dict)
    namesakes: Mapping[int, int] = field(default_factory=dict)
    former: Mapping[int, datetime] = field(default_factory=dict)
    sources: Mapping[int, frozenset[str]] = field(default_factory=dict)
    leaving: Mapping[int, datetime] = field(default_factory=dict)
    days: Mapping[int, Mapping[date, int]] = field(default_factory=dict)
    people: AbstractSet[int] | None = None
    purposes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """What a rule says of one entry: the person whom it is about, if it is about one."""

    contact: int | None = None
    facts: Facts = field(default_factory=dict)


@dataclass
class Day:
    """What one user did on one day in Finland: the people of each page they opened, in order, and
    their searches.
    """

    user: int
    on: date
    opened: list[tuple[int, ...]] = field(default_factory=list)
    searches: int = 0
    first_opened: Row | None = None
    first_search: Row | None = None


@dataclass
class Hit:
    """One thing to judge: `count` entries of which the first is told."""

    rule: str
    user: int | None
    at: datetime
    entry: int | None = None
    request_id: str = ""
    contact: int | None = None
    count: int = 1
    facts: Facts = field(default_factory=dict)


def day_of(at: datetime) -> date:
    """The day of a moment in Finland."""
    return clock.day_of(at)
