"""Which of the three languages a page speaks, and in whose time zone."""

from flask import Flask, g, has_request_context, request
from flask_babel import Babel

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


def in_languages(names: tuple[str, str, str], language: str) -> str:
    """One of the (fi, sv, en) names."""
    return names[LANGUAGES.index(language) if language in LANGUAGES else 2]
