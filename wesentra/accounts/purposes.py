"""The purposes that can be chosen by hand, for the header of every page."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from wesentra.models import Purpose, db
from wesentra.web.language import of_page


@dataclass(frozen=True)
class Choice:
    """A purpose in the language of the page."""

    key: str
    name: str


def _all() -> list[Purpose]:
    """All purposes; they change only by migration, so a process asks once."""
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


def key_of(text: str) -> str | None:
    """The purpose with this key or with this name in any of the three languages."""
    wanted = text.strip().casefold()
    for purpose in _all():
        names = (purpose.key, purpose.name_fi, purpose.name_sv, purpose.name_en)
        if wanted in (name.casefold() for name in names):
            return purpose.key
    return None
