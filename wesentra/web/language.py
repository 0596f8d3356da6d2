"""Which of the three languages a page speaks, and in whose time zone."""

from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale, gettext
from markupsafe import Markup

LANGUAGES = ("fi", "sv", "en")


def install(app: Flask, default: str) -> None:
    """The user's own language; before sign-in the browser's; else the installation's."""

    def choose() -> str:
        if not has_request_context():
            return default
        signed_in = g.get("signed_in")
        if signed_in is not None:
            return str(signed_in.user.language)
        return request.accept_languages.best_match(LANGUAGES) or default

    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(
        app,
        default_locale=default,
        default_timezone="Europe/Helsinki",
        locale_selector=choose,
    )
    app.jinja_env.globals["_"] = sentence


def in_languages(names: tuple[str, str, str], language: str) -> str:
    """One of the (fi, sv, en) names."""
    return names[LANGUAGES.index(language) if language in LANGUAGES else 2]


# --- sentences of a page --------------------------------------------------------------------

_said: dict[tuple[str, str], str] = {}
"""Sentences that were looked up before, by language and message id: ids are the program's own,
so they are few, and a page of a list says hundreds."""


def say(msgid: str, **values: Any) -> str:
    """A sentence in the language of the page; as flask_babel's gettext, without its detours."""
    language = g.get("language")
    if language is None:
        language = g.language = str(get_locale())
    text = _said.get((language, msgid))
    if text is None:
        text = _said[language, msgid] = gettext(msgid)
    return text % values if values else text


def sentence(msgid: str, **values: Any) -> Markup:
    """The same for templates, where the sentence may hold HTML and the values are escaped."""
    return Markup(say(msgid)) % values  # noqa: S704 - the catalogues are the program's own
