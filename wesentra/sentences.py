"""Sentences for people, where no web page is there to translate them."""

import gettext
from collections.abc import Mapping
from typing import Protocol

from wesentra.assets import translations
from wesentra.refusal import Refused
from wesentra.settings import CHOICES, Settings


class HasSettings(Protocol):
    """Something that can tell the settings, or refuse to."""

    @property
    def settings(self) -> Settings: ...


def language_of(holder: HasSettings | None, environ: Mapping[str, str]) -> str:
    """The installation's language; when its settings are what is wrong, the environment's."""
    try:
        if holder is not None:
            return holder.settings.language
    except Refused:
        pass
    named = environ.get("WESENTRA_LANGUAGE", "")
    return named if named in CHOICES["language"] else "fi"


def say(sentence: str, values: Mapping[str, object], language: str) -> str:
    """`sentence` (a message id with `%(name)s` places) in `language`, filled in."""
    catalogue = gettext.translation(
        "messages", localedir=translations(), languages=[language], fallback=True
    )
    translated = catalogue.gettext(sentence)
    return translated % values if values else translated
