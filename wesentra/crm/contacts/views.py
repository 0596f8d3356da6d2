"""The pages of contacts."""

from collections.abc import Callable

from flask import Blueprint, Response, g, render_template, request

from wesentra import clock
from wesentra.actor import current
from wesentra.crm.companies import absence
from wesentra.crm.companies import actions as company_actions
from wesentra.crm.companies import queries as company_queries
from wesentra.crm.contacts import actions, editing, fields, forms, leaving, queries
from wesentra.erasure import mentions, recipients, waiting
from wesentra.models import Company, Contact
from wesentra.models.retention_due import soon
from wesentra.web import ids, in_place
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused, wants_partial
from wesentra.web.narrowing import hides

blueprint = Blueprint("contacts", __name__, url_prefix="/contacts")


@blueprint.get("/")
@needs("contacts.read", shows="list")
def index() -> Response:
    """The list, by group or of one's own."""
    group = "" if hides("work") else request.args.get("group", "")
    mine, leaving = (request.args.get(name, "") == "1" for name in ("mine", "leaving"))
    listed = queries.page(
        group=group,
        owner_id=g.signed_in.user.id if mine else None,
        after=request.args.get("after", type=ids.number),
        until=soon(clock.today()) if leaving else None,
    )
    return page(
        "contacts/index.html",
        "contacts/_rows.html",
        listed=listed,
        group=group,
        mine=mine,
        leaving=leaving,
        groups=forms.groups(),
    )


@blueprint.get("/new")
@needs("contacts.write")
def new() -> Response:
    """The form for a new person."""
    form = forms.ContactForm(phone=request.args.get("number", ""))
    company_id = request.args.get("company", type=ids.number)
    if company_id:
        form.company.data = company_queries.named(company_id).name
        form.company_id.data = str(company_id)
    return _new_page(page, form)


@blueprint.post("/new")
@needs("contacts.write")
def create() -> Response:
    """Add a person."""
    form = forms.ContactForm.sent()
    words = forms.needless(form.note.data or "", request.form.get("sure", ""))
    if form.validate() and not words:
        if (made := form.sent_before()) is not None:
            return done(made, notice="created")
        with form.refusals():
            contact = _create(form)
            notice = "created_objecting" if absence.objects(contact.id) else "created"
            return done(form.leads_to(f"/contacts/{contact.id}"), notice=notice)
    return _new_page(refused, form, words)


@blueprint.get("/<int:contact_id>")
@needs("contacts.read")
def show(contact_id: int) -> Response:
    """Everything about one person that work needs."""
    contact = queries.get(contact_id)
    checks = queries.last_checks(contact_id)
    return page(
        "contacts/show.html",
        contact=contact,
        checks=checks,
        fields=fields.FIELDS,
        restricted=contact_id in current().opened,
    )


@blueprint.get("/<int:contact_id>/edit/<name>")
@needs("contacts.write")
def edit(contact_id: int, name: str) -> Response:
    """The form of one field, in its place."""
    return editing.form(contact_id, name)


@blueprint.post("/<int:contact_id>/edit/<name>")
@needs("contacts.write")
def correct(contact_id: int, name: str) -> Response:
    """Correct one field."""
    text = request.form["value"]

    def again(**values: object) -> Response:
        if "theirs" in values:
            values["their_change"] = queries.last_change(contact_id, name)
        else:
            values["started"] = in_place.was()
        return editing.form(contact_id, name, 422, typed=text, **values)

    words = forms.needless(text, request.form.get("sure", "")) if name == "note" else []
    if words:
        return again(words=words)
    editing.known(name)
    contact = queries.to_change(contact_id, with_company=name == "company")
    return in_place.correct(
        f"/contacts/{contact_id}",
        lambda: editing.change(contact, name, text),
        again,
        lambda: editing.row(contact_id, name),
    )


@blueprint.get("/<int:contact_id>/field/<name>")
@needs("contacts.read")
def field(contact_id: int, name: str) -> Response:
    """One field as it stands, when an edit is given up."""
    if not wants_partial():
        return done(f"/contacts/{contact_id}")
    return editing.row(contact_id, name)


@blueprint.get("/<int:contact_id>/delete")
@needs("contacts.delete", fresh=True)
def ask_delete(contact_id: int) -> Response:
    """Ask before a person is deleted."""
    return _delete_page(page, contact_id)


@blueprint.post("/<int:contact_id>/delete")
@needs("contacts.delete", fresh=True)
def delete(contact_id: int) -> Response:
    """Delete a person, unless there are recipients to be told whom the page has not named."""
    contact = queries.to_change(contact_id)
    if recipients.lacks(contact_id, request.form.get("listed", "")):
        return _delete_page(refused, contact_id)
    leaving.remove(contact)
    return done("/contacts/", notice="departed" if waiting.days() else "deleted")


def _delete_page(answer: Callable[..., Response], contact_id: int) -> Response:
    contact = queries.brief(contact_id)
    leaving.may_go(contact_id)
    return answer(
        "contacts/delete.html",
        contact=contact,
        companies=company_queries.of_person(contact_id, *company_queries.NAME),
        objects=absence.objects(contact_id),
        days=waiting.days(),
        mentions=mentions.of(contact_id),
        recipients=recipients.untold(contact_id),
    )


def _new_page(
    answer: Callable[..., Response], form: forms.ContactForm, words: list[str] | None = None
) -> Response:
    return answer(
        "contacts/new.html",
        form=form,
        sources=forms.SOURCES,
        words=words or [],
        which=company_queries.namesakes(form.company.data or ""),
        chosen=form.chosen_company(),
    )


def _create(form: forms.ContactForm) -> Contact:
    company = company_actions.named_or_new(
        form.company.data or "",
        form.group.data,
        form.source.data or "",
        forms.region(),
        form.chosen_company(),
    )
    owner_id, shared = g.signed_in.user.id, request.form.get("shared", "")
    return actions.create(form.typed(), company, owner_id, forms.region(), shared)


def due_panel() -> str:
    """For *my day*: whom to check next; nobody where checks are hidden, as their order tells."""
    contacts = [] if hides("history") else queries.longest_unchecked(g.signed_in.user.id)
    return render_template("contacts/_unchecked.html", contacts=contacts)


def company_panel(company: Company) -> str:
    """For a company's page: who works there."""
    contacts = [] if hides("work") else queries.of_company(company.id)
    return render_template("contacts/_of_company.html", contacts=contacts, company=company)
