"""A person goes from the register by hand, by way of the waiting room; and who may not go."""

from wesentra.crm.companies import actions as company_actions
from wesentra.crm.companies import queries as company_queries
from wesentra.erasure import held, restricted, waiting
from wesentra.models import Contact


def may_go(contact_id: int) -> None:
    """Refuse to delete a person who is only stored, or whom a hold keeps."""
    restricted.demand_none([contact_id])
    held.demand_none([contact_id], ())


def remove(contact: Contact) -> None:
    """Let a person go with everything that hangs on them; a sole trader's company goes too.

    Refused while restricted or while others work in it.
    """
    may_go(contact.id)
    for company in company_queries.of_person(contact.id, *company_queries.NAME):
        company_actions.may_be_left(company)
    waiting.send([contact.id], ())
