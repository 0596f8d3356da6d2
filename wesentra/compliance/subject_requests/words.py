"""Codes of the register as words, in the language of the answer and without a web page."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel import Locale
from sqlalchemy import select

from wesentra import clock
from wesentra.audit import names
from wesentra.models import Purpose, codes, db, disclosure
from wesentra.models.personal import field_labels
from wesentra.sentences import say
from wesentra.sight import CATEGORY_NAMES
from wesentra.texts import LANGUAGES, mark

CODES: dict[str, Mapping[str, str]] = {
    "channel": {**codes.CHANNELS, codes.NOTED_AGAIN: mark("Noted again by the register")},
    "how": codes.CHANNELS,
    "direction": codes.DIRECTIONS,
    "outcome": codes.OUTCOMES,
    "reason": codes.SKIP_REASONS,
    "operation": names.OPERATIONS,
    "ground": codes.GROUNDS,
    "kind": codes.OBJECTIONS,
    "basis": disclosure.BASES,
    "categories": CATEGORY_NAMES,
    "told_of": disclosure.CAUSES,
    "not_told": disclosure.WHY_UNTOLD,
}
"""Message ids of codes, by the field they stand in."""
ASKED = {"notice": mark("Telling where the data came from")}
"""What was asked about is named to the person otherwise than to who asks."""


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

    def in_row(self, field: str, row: Mapping[str, Any]) -> str:
        """One cell of a row; what was changed reads as values of the field that was changed."""
        changed = field in ("old", "new") and "field" in row
        return self.of(str(row["field"]) if changed else field, row[field])

    def of(self, field: str, value: object) -> str:
        """One value of a field; codes become words, moments the time in Finland."""
        if value is None:
            return ""
        if isinstance(value, datetime):
            return value.astimezone(clock.HELSINKI).strftime("%Y-%m-%d %H:%M:%S")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, dict):
            return self._record(value)
        if isinstance(value, list):
            return ", ".join(self._word(field, str(part)) for part in value)
        return self._word(field, str(value))

    def _word(self, field: str, value: str) -> str:
        if field == "purpose":
            return self._purposes.get(value, value)
        if field == "role":
            return translated(names.role(value, self.language), self.language)
        if field == "group":
            place = LANGUAGES.index(self.language)
            return next(
                (own[place] for key, own in codes.GROUP_NAMES.items() if key == value), value
            )
        if field in ("language", "country"):
            return self._of_locale(field, value)
        known = field_labels() | ASKED if field == "field" else CODES.get(field, {})
        return translated(known[value], self.language) if value in known else value

    def _of_locale(self, field: str, code: str) -> str:
        locale = Locale(self.language)
        named = locale.languages if field == "language" else locale.territories
        return str(named.get(code, code))

    def _record(self, record: Mapping[str, Any]) -> str:
        """A row of an import as it is staged: fields in groups, cells that nobody has named yet."""
        found = []
        for key, part in record.items():
            if isinstance(part, dict):
                found.append(self._record(part))
            elif part and not isinstance(part, bool):
                label = field_labels().get(key)
                named = f"{translated(label, self.language)}: " if label else ""
                found.append(named + self.of(key, part))
        return ", ".join(filter(None, found))
