"""Contacts as a table, in batches: whoever is in a batch is noted as shown."""

from collections.abc import Iterator

from wesentra.crm.contacts import fields, queries
from wesentra.models import Contact, db
from wesentra.models.codes import GROUP_NAMES
from wesentra.texts import LANGUAGES, mark

BATCH = 500
COLUMNS = {name: field.label for name, field in fields.FIELDS.items()} | {
    "company": mark("Company")
}
"""Fields of the table and their labels (message ids); the import reads them back by these."""


def batches(language: str) -> Iterator[list[list[str]]]:
    """All contacts by number; each batch is to be committed before the next one is asked for."""
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
    return [values[name] for name in COLUMNS]


def _group(key: str, language: str) -> str:
    place = LANGUAGES.index(language)
    return next((names[place] for code, names in GROUP_NAMES.items() if code == key), key)
