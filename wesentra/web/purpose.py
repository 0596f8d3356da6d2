"""The purpose of a page: chosen at its top, or said by its work and then not to be chosen there."""

from collections.abc import Callable

from flask import current_app, g

from wesentra.actor import current
from wesentra.web.guard import may


def of_work() -> str:
    """The purpose that the work of this page says, whatever the session's is; else nothing."""
    return str(g.get("purpose_of_work", ""))


def is_chosen() -> bool:
    """Whether the purpose of this page is chosen at its top: its work says none, and whoever asks
    may see people at all."""
    return may("purposes.own") and not of_work()


def as_chosen() -> None:
    """Let what follows be for the purpose that the session has, whatever the work said."""
    current().purpose, g.purpose_of_work = g.signed_in.purpose, ""


def choices() -> list[tuple[str, str]]:
    """The purposes that can be chosen by hand, (key, name in the language of the page) each."""
    ask: Callable[[], list[tuple[str, str]]] = current_app.extensions["wesentra_purpose_choices"]
    return ask()
