"""What is proposed to be removed because nobody uses it (Art. 5(1)(c) GDPR). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wesentra.deadlines import months_after
from wesentra.models import Contact
from wesentra.models.personal import Personal, marks
from wesentra.texts import mark

STAY: Mapping[str, str] = {
    "given_name": mark("Without it nobody could say whom the rest is about."),
    "family_name": mark("Without it nobody could say whom the rest is about."),
    "group": mark("It decides who sees the person and when they go."),
    "source": mark("The person is told where the data came from (Art. 14 GDPR)."),
    "language": mark("Everybody has one."),
    "left_on": mark("The date of deletion counts from it."),
}
"""Fields of a contact that are never proposed, each with its reason."""
FIELDS: Mapping[str, Personal] = {name: own for name, own in marks(Contact) if own.exported}
"""The fields of a contact, as the data dictionary names them."""
REMOVABLE: tuple[str, ...] = tuple(name for name in FIELDS if name not in STAY)
"""Those that somebody can do without: they are proposed, and removed."""
NAME = ("given_name", "family_name")
COUNTED: tuple[str, ...] = tuple(name for name in FIELDS if name not in NAME)
"""Those whose uses are counted: a name stands on every page about somebody."""


def limit(today: date, months: int) -> date:
    """The last day on which a use is too long ago: `months` before today, or that month's end."""
    return months_after(today, -months)


def unused_since(created: date, last_use: date | None, known_since: date) -> date:
    """The day since which nobody used a field, as far as is known.

    It came with its person, which was a use; and of the time before `known_since` nobody can say
    that it was not used.
    """
    return max(created, known_since, last_use or created)


def first_proposal(known_since: date, months: int) -> date:
    """The first day on which anything can be proposed: before that too little is known."""
    day = months_after(known_since, months)
    while limit(day, months) < known_since:  # the end of a short month
        day += timedelta(days=1)
    return day


@dataclass(frozen=True)
class Share:
    """One field of one group: how many have it filled in, of how many it is proposed to be removed
    and how many are left out although nobody used theirs, because they are held.

    `oldest` is the longest time since a use among the proposed ones.
    """

    group: str
    field: str
    filled: int
    unused: int
    held: int
    oldest: date | None = None

    @property
    def percent(self) -> int:
        """Of a hundred who have it filled in, of how many it is proposed."""
        return 100 * self.unused // self.filled if self.filled else 0


def sorted_shares(shares: Sequence[Share]) -> list[Share]:
    """First those of which the largest part is unused."""
    return sorted(shares, key=lambda one: (-one.percent, -one.unused, one.group, one.field))


@dataclass(frozen=True)
class Entry:
    """One field of the data dictionary: how many have it filled in, for how many of them it was
    of use within the months, and when it was used last. None: not counted.

    `field` is the name under which uses are noted ("contact.phone").
    """

    field: str
    mark: Personal
    last_on: date | None
    filled: int | None = None
    used: int | None = None

    def proposed(self, unused_until: date, known_since: date | None) -> bool:
        """Whether the register could do without the field: nobody used anybody's, for long."""
        if known_since is None or known_since > unused_until:
            return False
        table, _, name = self.field.partition(".")
        if (table == "contact" and name in STAY) or self.filled == 0:
            return False
        return not self.used and (self.last_on is None or self.last_on <= unused_until)
