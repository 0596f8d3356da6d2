"""Which of the three languages a page speaks, and in whose time zone."""

from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale, gettext, refresh
from markupsafe import Markup

from wesentra.texts import LANGUAGES


def install(app: Flask, default: str) -> None:
    """The user's own language; before sign-in the browser's; else the installation's."""

    def choose() -> str:
        if not has_request_context():
            return default
        if (spoken := g.get("spoken")) is not None:
            return str(spoken)
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


def speak(language: str) -> None:
    """Let this answer be in `language`, whatever its reader's is; no language changes nothing."""
    if language in LANGUAGES:
        g.spoken = language
        g.pop("language", None)
        refresh()


def in_languages(names: tuple[str, str, str], language: str) -> str:
    """One of the (fi, sv, en) names."""
    return names[LANGUAGES.index(language) if language in LANGUAGES else 2]


# --- sentences of a page --------------------------------------------------------------------

_known: dict[tuple[str, str], Markup] = {}
"""Sentences that were looked up before, by language and message id: ids are the program's own,
so they are few, and the page of a list says hundreds."""


def of_page() -> str:
    """The language of this page, asked for once a page."""
    language: str | None = g.get("language")
    if language is None:
        language = g.language = str(get_locale())
    return language


def sentence(msgid: str, **values: Any) -> Markup:
    """A sentence for a template: it may hold HTML, and its values are escaped."""
    text = _look_up(msgid)
    return text % values if "%" in text else text


def say(msgid: str, **values: Any) -> str:
    """A sentence as flask_babel's gettext gives it, without its detours."""
    text = _look_up(msgid)
    return str.__mod__(text, values) if values else str(text)


def _look_up(msgid: str) -> Markup:
    key = (of_page(), msgid)
    text = _known.get(key)
    if text is None:
        text = _known[key] = Markup(gettext(msgid))  # noqa: S704 - the program's own words
    return text
