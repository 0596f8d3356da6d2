"""What the data dictionary calls its parts, in the reader's language."""

from flask_babel import gettext as _

from wesentra.compliance.minimisation.policy import STAY, Entry, first_proposal
from wesentra.models.personal import Keep
from wesentra.sight import CATEGORY_NAMES
from wesentra.texts import mark

TABLES = {
    "company": mark("Companies"),
    "interaction": mark("Interactions"),
    "task": mark("Next steps"),
}
KEEPS: dict[str, str] = {
    Keep.CONTACT: mark("with the person"),
    Keep.BILLING: mark("as billing data"),
    Keep.INTERACTION: mark("as interactions"),
    Keep.IMPORT: mark("as imported files"),
}
"""Retention classes."""

__all__ = ["category", "first_proposal", "keep", "stays", "table"]


def table(key: str) -> str:
    """What a table of the dictionary holds."""
    return str(_(TABLES[key])) if key in TABLES else key


def category(entry: Entry) -> str:
    """The category of a field."""
    return str(_(CATEGORY_NAMES[entry.mark.category]))


def keep(entry: Entry) -> str:
    """By which rules a field is kept."""
    return str(_(KEEPS[entry.mark.keep]))


def stays(entry: Entry) -> str:
    """Why a field is never proposed; empty where it may be."""
    own, _dot, name = entry.field.partition(".")
    return str(_(STAY[name])) if own == "contact" and name in STAY else ""
