"""Fields of a contact that the purpose hides: they are neither judged nor changed."""

from wesentra.crm.contacts import queries
from wesentra.models import Contact
from wesentra.models.personal import masked
from wesentra.refusal import Refused
from wesentra.texts import mark

NOT_SHOWN = mark("Your purpose does not show this field, so it cannot be changed.")
COMPANY_NOT_SHOWN = mark(
    "Your purpose does not show where the person works, so it cannot be changed."
)


def is_company_hidden(contact: Contact) -> bool:
    """Whether it is hidden where somebody works: the purpose shows nobody's work, or not the
    person that the company is."""
    away = contact.company_id is not None and contact.company is None
    return away or "company_id" in masked(contact)


def demand_shown(contact: Contact, field: str) -> None:
    """Refuse a field that the purpose hides, whatever was typed: it looks empty and is not."""
    if field in masked(contact):
        raise Refused(NOT_SHOWN, field=field)
    if field == "company" and is_company_hidden(contact):
        raise Refused(COMPANY_NOT_SHOWN, field=field)


def company_id(contact: Contact) -> int | None:
    """The number of the company where somebody works, hidden or not, for the program alone."""
    if "company_id" in masked(contact):
        return queries.company_id_of(contact.id)
    return contact.company_id
