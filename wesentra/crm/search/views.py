"""The search, and the page that a telephone system opens when somebody calls."""

from flask import Blueprint, Response, request

from wesentra.actor import current
from wesentra.crm.companies import queries as company_queries
from wesentra.crm.contacts import forms as contact_forms
from wesentra.crm.contacts import queries as contact_queries
from wesentra.crm.search import caller, queries
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page
from wesentra.web.narrowing import hides

blueprint = Blueprint("search", __name__)


@blueprint.get("/search/")
@needs("search.read", shows="search")
def index() -> Response:
    """People and companies by what was typed; with nothing typed, how to search."""
    sought = request.args.get("q", "").strip()
    found = queries.find(sought)
    return page("search/index.html", "search/_results.html", sought=sought, found=found)


@blueprint.get("/call")
@needs("search.read", shows="search")
def call() -> Response:
    """Who is calling: their page, or the candidates, or a new contact with the number in it."""
    number = request.args.get("number", "")
    try:
        _demand_numbers()
        e164 = caller.read(number, contact_forms.region())
    except Refused as refusal:
        return page("search/call.html", status=422, refusal=refusal, people=[], companies=[])
    people = contact_queries.by_number(e164)
    if len(people) == 1:
        return _to(people[0].id)
    companies = company_queries.with_switchboard(e164)
    if people or companies:
        return page("search/call.html", number=e164, people=people, companies=companies)
    return _new_contact(e164)


def _demand_numbers() -> None:
    if hides("contact_details"):
        raise Refused(
            mark(
                "Your purpose does not show telephone numbers, so nobody is found by one. "
                "Choose another purpose at the top of the page."
            )
        )


def _to(contact_id: int) -> Response:
    """To the person's page. Where it leads tells whose the number is: a look without a page."""
    current().event(current().showing, "contact", [contact_id], ["phone"])
    return done(f"/contacts/{contact_id}")


def _new_contact(e164: str) -> Response:
    return page(
        "contacts/new.html",
        form=contact_forms.ContactForm(phone=e164),
        sources=contact_forms.SOURCES,
        words=[],
        unknown_number=e164,
    )
