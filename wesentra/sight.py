"""What a purpose lets somebody see: which groups of people, and which categories of their data.

Art. 5(1)(b) GDPR: data collected for one purpose are not seen under another. The audit layer
narrows every statement and empties every field by this (`audit.visibility`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from wesentra.models.codes import Group
from wesentra.models.personal import Category
from wesentra.texts import mark

MARKETING = "marketing"
"""The purpose to which a person may object at any time, without a reason (Art. 21(2))."""
ALWAYS = frozenset({Category.IDENTITY.value})
"""Without the name nobody could say whom a page is about."""
CATEGORY_NAMES: dict[str, str] = {
    Category.IDENTITY: mark("name"),
    Category.CONTACT_DETAILS: mark("contact details"),
    Category.WORK: mark("work, group and source"),
    Category.BILLING: mark("business ID and billing"),
    Category.COMMUNICATION: mark("language, interactions and tasks"),
    Category.NOTE: mark("notes and summaries"),
    Category.HISTORY: mark("checks and changes"),
}
"""What the categories are called on pages, as message ids."""


@dataclass(frozen=True)
class Sight:
    """Whom and what one may see. As it is by default: everybody and everything.

    `groups` None means all; `hidden` are the categories that are not shown. `objecting` and
    `restricted` tell whether those who object to marketing (Art. 21(3)) and those whose
    processing is restricted (Art. 18(2)) are there; of the latter, `opened` are. `waiting`: so are
    those who were deleted and can still be brought back, who else are there for nobody.
    """

    groups: frozenset[str] | None = None
    hidden: frozenset[str] = frozenset()
    objecting: bool = True
    restricted: bool = True
    opened: frozenset[int] = frozenset()
    waiting: bool = False


EVERYTHING = Sight()
"""What the program itself, and work whose address says its purpose, may see."""
ALSO_WAITING = Sight(waiting=True)
"""Nothing is left out."""


def sight_of(key: str, groups: Iterable[str], categories: Iterable[str]) -> Sight:
    """What people see under the purpose `key`, which lets them see `groups` and `categories`."""
    return _made(key, frozenset(groups), frozenset(categories))


@lru_cache(maxsize=64)
def _made(key: str, groups: frozenset[str], categories: frozenset[str]) -> Sight:
    return Sight(
        groups=None if groups >= {group.value for group in Group} else groups,
        hidden=frozenset(each.value for each in Category) - categories - ALWAYS,
        objecting=key != MARKETING,
        restricted=False,
    )
