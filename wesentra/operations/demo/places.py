"""At which address each deed of the story is done, and how it shows people."""

from wesentra.actor import Showing

ENDPOINTS = {
    "firm": "companies.create",
    "ended": "retention.count_from_company",
    "person": "contacts.create",
    "talk": "interactions.create",
    "search": "search.index",
    "look": "contacts.show",
    "list": "contacts.index",
    "finish": "tasks.finish",
    "disclose": "disclosures.note",
}
SHOWS = {"list": Showing.LIST, "search": Showing.SEARCH}
