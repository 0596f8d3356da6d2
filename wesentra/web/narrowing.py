"""What the present purpose hides, for templates: a page says so instead of showing it empty."""

from flask import Flask
from flask_babel import gettext as _

from wesentra.actor import current_or_none
from wesentra.models.codes import Group
from wesentra.models.personal import masked
from wesentra.sight import CATEGORY_NAMES


def hides(category: str) -> bool:
    """Whether a category of data is hidden from this page."""
    acting = current_or_none()
    return acting is not None and category in acting.sight.hidden


def hidden_names() -> list[str]:
    """What is hidden from this page, in words."""
    return [str(_(name)) for key, name in CATEGORY_NAMES.items() if hides(key)]


def hidden_groups() -> list[str]:
    """The groups of people that are not seen on this page, as codes."""
    acting = current_or_none()
    if acting is None or acting.sight.groups is None:
        return []
    return [group.value for group in Group if group.value not in acting.sight.groups]


def install(app: Flask) -> None:
    """Give every template these questions."""
    app.jinja_env.globals.update(
        hides=hides, hidden_names=hidden_names, hidden_groups=hidden_groups, masked=masked
    )
