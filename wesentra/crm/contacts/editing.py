"""One field of a contact, corrected in its place: its form, the change, the field as it stands."""

from flask import Response, request

from wesentra.crm.companies import actions as company_actions
from wesentra.crm.companies import queries as company_queries
from wesentra.crm.contacts import actions, fields, forms, hidden, queries
from wesentra.models import Contact
from wesentra.refusal import NotFound
from wesentra.texts import mark
from wesentra.web import ids, in_place
from wesentra.web.htmx import page, wants_partial


def change(contact: Contact, name: str, text: str) -> None:
    """Do what the form of a field says; refuses at the field."""
    if name == "owner":
        in_place.not_overtaken(name, str(contact.owner_id or ""), text)
        actions.give_to(contact, ids.chosen(text))
    elif name == "company":
        hidden.demand_shown(contact, name)
        in_place.not_overtaken(name, contact.company.name if contact.company else "", text)
        chosen = ids.chosen(request.form.get("company_id", "")) or contact.company_id
        company = company_actions.named_or_new(
            text, contact.group, contact.source, forms.region(), chosen
        )
        actions.move_to(contact, company)
    else:
        shared = request.form.get("shared", "")
        actions.change(contact, name, text, in_place.was(), forms.region(), shared)


def known(name: str) -> str:
    """`name` when a contact has such a field, also one that leads to a record."""
    if name not in (*fields.FIELDS, "owner", "company"):
        raise NotFound(mark("There is no such field."))
    return name


def form(contact_id: int, name: str, status: int = 200, **values: object) -> Response:
    """The form of a field, in its place or as a page."""
    contact = queries.of_field(contact_id, known(name), named=not wants_partial())
    hidden.demand_shown(contact, name)
    return page(
        "contacts/edit.html",
        "contacts/_edit.html",
        status=status,
        contact=contact,
        name=name,
        field=fields.FIELDS.get(name),
        owners=forms.owners() if name == "owner" else [],
        groups=forms.groups(),
        languages=forms.LANGUAGES,
        **(_companies(contact, values.get("typed")) if name == "company" else {}),
        **values,
    )


def _companies(contact: Contact, typed: object) -> dict[str, object]:
    """Those among which the person's company is not told by its name alone, and which it is."""
    name = contact.company.name if contact.company else ""
    return {
        "which": company_queries.namesakes(name if typed is None else str(typed)),
        "chosen": ids.chosen(request.form.get("company_id", "")) or contact.company_id,
    }


def row(contact_id: int, name: str) -> Response:
    """A field as it stands."""
    contact = queries.of_field(contact_id, known(name), named=False)
    checks = queries.last_checks(contact_id)
    return page(
        "contacts/_field.html",
        contact=contact,
        name=name,
        checks=checks,
        field=fields.FIELDS.get(name),
    )
