"""Contacts as a table, in batches: whoever is in a batch is noted as shown."""

from collections.abc import Iterator

from wesentra.actor import current
from wesentra.crm.contacts import fields, queries
from wesentra.models import Contact, db
from wesentra.models.codes import GROUP_NAMES
from wesentra.models.personal import Category, marks
from wesentra.texts import LANGUAGES, mark

BATCH = 500
COLUMNS = {name: field.label for name, field in fields.FIELDS.items()} | {
    "company": mark("Company")
}
"""All fields of the table and their labels (message ids); the import reads them back by these."""


def columns() -> dict[str, str]:
    """Those of COLUMNS that the purpose shows: what it hides is left out, not left empty."""
    hidden = current().sight.hidden
    own = {name: mark_.category.value for name, mark_ in marks(Contact)}
    own["company"] = Category.WORK.value
    return {name: label for name, label in COLUMNS.items() if own[name] not in hidden}


def batches(language: str) -> Iterator[list[list[str]]]:
    """All contacts that the purpose shows, by number.

    Each batch is to be committed before the next one is asked for.
    """
    last = 0
    loaded = [getattr(Contact, name) for name in fields.FIELDS]
    while True:
        query = queries.rows(*loaded, Contact.company_id).where(Contact.id > last)
        found = db.session.scalars(query.order_by(Contact.id).limit(BATCH)).all()
        if not found:
            return
        last = found[-1].id
        yield [_row(contact, language) for contact in found]


def _row(contact: Contact, language: str) -> list[str]:
    values = {name: getattr(contact, name) for name in fields.FIELDS}
    values["group"] = _group(contact.group, language)
    values["company"] = contact.company.name if contact.company else ""
    return [values[name] for name in columns()]


def _group(key: str, language: str) -> str:
    place = LANGUAGES.index(language)
    return next((names[place] for code, names in GROUP_NAMES.items() if code == key), key)
