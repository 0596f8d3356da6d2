"""A person goes from the register: the one way out, and who may not take it."""

from wesentra.crm.companies import actions as company_actions
from wesentra.crm.companies import queries as company_queries
from wesentra.erasure import restricted
from wesentra.models import Contact, db


def may_go(contact_id: int) -> None:
    """Refuse to delete a person who is only stored."""
    restricted.demand_none([contact_id])


def remove(contact: Contact) -> None:
    """Delete a person with everything that hangs on them; a sole trader's company goes too.

    Refused while restricted or while others work in it. It goes first, so that the log names it.
    """
    may_go(contact.id)
    for company in company_queries.of_person(contact.id):
        company_actions.remove(company)
    db.session.flush()
    db.session.delete(contact)
