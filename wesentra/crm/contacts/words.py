"""By which words a contact is found, kept in step with the contact."""

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, insert, select

from wesentra.crm.values import fold, phone
from wesentra.models import Contact, ContactWord, db
from wesentra.models.attribution import bulk_write, seen_by_program
from wesentra.models.personal import Category, masked

LONGEST = 80
_TABLE = db.metadata.tables[ContactWord.__tablename__]
_DELETE = delete(_TABLE).where(_TABLE.c.contact_id == bindparam("own"))
_INSERT = insert(_TABLE)


def of_values(given_name: str, family_name: str, email: str, number: str) -> dict[str, str]:
    """The folded words of a name, a mail address (whole and its parts) and a number's digits,
    each with its category; a word of both is the name's."""
    reached: set[str] = set()
    if email:
        reached |= {email.casefold(), *fold.words(email.partition("@")[0])}
    if number:
        reached |= set(phone.spellings(number))
    found = {word[:LONGEST]: Category.CONTACT_DETAILS.value for word in reached if word}
    names = fold.words(f"{given_name} {family_name}")
    return found | {word[:LONGEST]: Category.IDENTITY.value for word in names if word}


def write(contact: Contact) -> None:
    """Replace the words of a contact by those of its present values."""
    wanted = of_values(*_values(contact))
    options = bulk_write("update", "contact", [contact.id], [])
    db.session.execute(_DELETE, {"own": contact.id}, execution_options=options)
    if wanted:
        db.session.execute(_INSERT, rows(contact.id, wanted), execution_options=options)


def _values(contact: Contact) -> tuple[str, str, str, str]:
    """What the words are made of; what the purpose does not show is looked up by the program."""
    names = ("given_name", "family_name", "email", "phone")
    if masked(contact).isdisjoint(names):
        return (contact.given_name, contact.family_name, contact.email, contact.phone)
    columns = (Contact.given_name, Contact.family_name, Contact.email, Contact.phone)
    stored = select(*columns).where(Contact.id == contact.id)
    row = db.session.execute(stored, execution_options=seen_by_program("search words")).one()
    return (row.given_name, row.family_name, row.email, row.phone)


def rows(contact_id: int, found: Mapping[str, str]) -> list[dict[str, object]]:
    """Rows for a bulk insert of one contact's words."""
    return [
        {"word": word, "contact_id": contact_id, "category": category}
        for word, category in sorted(found.items())
    ]
