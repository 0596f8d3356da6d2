"""Codes of the register as words, in the language of the answer and without a web page."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from sqlalchemy import select

from wesentra import clock
from wesentra.audit import names
from wesentra.models import Contact, Purpose, db
from wesentra.models.codes import GROUP_NAMES
from wesentra.models.personal import marks
from wesentra.sentences import say
from wesentra.texts import mark

LANGUAGES = ("fi", "sv", "en")
CHANNELS = {
    "call": mark("Call"),
    "email": mark("E-mail"),
    "meeting": mark("Meeting"),
    "message": mark("Message"),
}
CODES: dict[str, Mapping[str, str]] = {
    "channel": CHANNELS,
    "how": CHANNELS,
    "direction": {"in": mark("They contacted us"), "out": mark("We contacted them")},
    "outcome": {
        "confirmed": mark("confirmed"),
        "corrected": mark("corrected"),
        "removed": mark("removed"),
        "skipped": mark("skipped"),
    },
    "reason": {
        "no_time": mark("No time"),
        "not_suitable": mark("Not the moment"),
        "person_declined": mark("The person did not want to"),
        "already_known": mark("I know it already"),
    },
    "operation": names.OPERATIONS,
}
"""Message ids of codes, by the field they stand in."""


def translated(sentence: str, language: str) -> str:
    """A message id in a language."""
    return say(sentence, {}, language)


def in_all(sentence: str) -> dict[str, str]:
    """A message id in the three languages."""
    return {language: say(sentence, {}, language) for language in LANGUAGES}


class Wording:
    """How values read in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        rows = db.session.scalars(select(Purpose))
        self._purposes = {purpose.key: purpose.name(language) for purpose in rows}

    def of(self, field: str, value: object) -> str:
        """One value of a field; codes become words, moments the time in Finland."""
        if value is None:
            return ""
        if isinstance(value, datetime):
            return value.astimezone(clock.HELSINKI).strftime("%Y-%m-%d %H:%M:%S")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, dict):
            return ", ".join(f"{key}: {part}" for key, part in value.items() if part)
        if isinstance(value, list):
            return ", ".join(str(part) for part in value)
        return self._word(field, str(value))

    def _word(self, field: str, value: str) -> str:
        if field == "purpose":
            return self._purposes.get(value, value)
        if field == "role":
            return translated(names.role(value, self.language), self.language)
        if field == "group":
            place = LANGUAGES.index(self.language)
            return next((own[place] for key, own in GROUP_NAMES.items() if key == value), value)
        known = _contact_labels() if field == "field" else CODES.get(field, {})
        return translated(known[value], self.language) if value in known else value


@cache
def _contact_labels() -> dict[str, str]:
    return {"name": mark("Name"), "company": mark("Company")} | {
        name: own.label for name, own in marks(Contact)
    }
