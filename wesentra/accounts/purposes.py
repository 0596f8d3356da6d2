"""The purposes that can be chosen by hand, for the header of every page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from wesentra.models import Purpose, db
from wesentra.models.codes import Group
from wesentra.models.personal import Category
from wesentra.refusal import NotFound, Refused
from wesentra.sight import ALWAYS, Sight, sight_of
from wesentra.texts import mark
from wesentra.web.language import of_page


@dataclass(frozen=True)
class Choice:
    """A purpose in the language of the page."""

    key: str
    name: str


def _all() -> list[Purpose]:
    """All purposes, for their names: these change only by migration, so a process asks once.

    What they show is asked anew each time (`sight`, and `sessions.who` with every request).
    """
    known: list[Purpose] | None = current_app.extensions.get("wesentra_purposes")
    if known is None:
        known = list(db.session.scalars(select(Purpose).order_by(Purpose.position)))
        for purpose in known:
            db.session.expunge(purpose)
        current_app.extensions["wesentra_purposes"] = known
    return known


def choices() -> list[Choice]:
    """What the header offers."""
    language = of_page()
    return [Choice(p.key, p.name(language)) for p in _all() if p.by_hand]


def name_of(key: str) -> str:
    """A purpose's name in the language of the page; the key itself when it is unknown."""
    language = of_page()
    return next((p.name(language) for p in _all() if p.key == key), key)


def sight(key: str) -> Sight:
    """Whom and what one sees under a purpose that stands in the register."""
    row = select(Purpose.groups, Purpose.categories).where(Purpose.key == key)
    groups, categories = db.session.execute(row).one()
    return sight_of(key, groups, categories)


def by_hand() -> Sequence[Purpose]:
    """The purposes that people choose, as they stand in the register."""
    return db.session.scalars(
        select(Purpose).where(Purpose.by_hand).order_by(Purpose.position)
    ).all()


def named(key: str) -> Purpose:
    """One purpose that people choose, to be changed. Raises NotFound."""
    own = select(Purpose).where(Purpose.key == key, Purpose.by_hand)
    if (found := db.session.scalar(own.with_for_update())) is None:
        raise NotFound(mark("There is no such purpose."))
    return found


def show(purpose: Purpose, groups: Iterable[str], categories: Iterable[str]) -> list[str]:
    """Let a purpose show these groups and categories; what is another now, as codes.

    The name is always shown. Refuses a purpose without any group.
    """
    wanted_groups: list[str] = [group.value for group in Group if group.value in groups]
    kept = {*categories, *ALWAYS}
    wanted: list[str] = [each.value for each in Category if each.value in kept]
    if not wanted_groups:
        raise Refused(mark("Choose at least one group."), field="groups")
    before, after = {*purpose.groups, *purpose.categories}, {*wanted_groups, *wanted}
    purpose.groups, purpose.categories = wanted_groups, wanted
    return sorted(f"{purpose.key}.{code}" for code in before ^ after)


def key_of(text: str) -> str | None:
    """The purpose with this key or with this name in any of the three languages."""
    wanted = text.strip().casefold()
    for purpose in _all():
        names = (purpose.key, purpose.name_fi, purpose.name_sv, purpose.name_en)
        if wanted in (name.casefold() for name in names):
            return purpose.key
    return None
