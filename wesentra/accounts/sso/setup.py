"""Whether single sign-on is set up in this installation, and its provider."""

from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask, current_app

from wesentra.refusal import NotFound, Refused
from wesentra.settings import Settings
from wesentra.texts import mark

if TYPE_CHECKING:
    from wesentra.accounts.sso.provider import Provider

EXTRA = ("authlib", "joserfc", "requests")
"""What the extra `sso` brings."""
WHERE = "wesentra_sso"
MISSING = mark(
    "The settings name a sign-in service, but the program has no part for it yet: "
    "pip install 'wesentra[sso]'."
)
NOT_SET_UP = mark("Single sign-on is not set up here.")


def is_installed() -> bool:
    """Whether the extra is there."""
    try:
        for name in EXTRA:
            import_module(name)
    except ImportError:
        return False
    return True


def demand_extra(settings: Settings) -> None:
    """Raises Refused when the settings name a provider and the extra is missing."""
    if settings.sso_issuer is not None and not is_installed():
        raise Refused(MISSING)


def provider_for(settings: Settings) -> "Provider | None":
    """The provider of these settings; None where none is named, or nothing is there to ask it."""
    if settings.sso_issuer is None or not is_installed():
        return None
    made: Provider = import_module("wesentra.accounts.sso.provider").Provider(settings)
    return made


def install(app: Flask) -> None:
    """Let the pages ask whether there is a provider."""
    app.jinja_env.globals.update(sso_offered=is_offered, sso_label=label)


def is_offered() -> bool:
    """Whether one can come in by single sign-on."""
    return _provider() is not None


def provider() -> "Provider":
    """The provider of this installation. Raises NotFound where there is none."""
    found = _provider()
    if found is None:
        raise NotFound(NOT_SET_UP)
    return found


def _provider() -> "Provider | None":
    """Made when it is first asked for: a command does not wait for what it never uses."""
    known = current_app.extensions
    if WHERE not in known:
        known[WHERE] = provider_for(settings())
    found: Provider | None = known[WHERE]
    return found


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.extensions["wesentra_settings"]
    return found


def label() -> str:
    """What the button says, when the settings say it."""
    return settings().sso_label or ""
