"""Contact time: the page that is open while one talks."""

import uuid
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request
from flask_babel import gettext as _

from wesentra import clock
from wesentra.actor import current
from wesentra.crm.companies import queries as company_queries
from wesentra.crm.contacts import fields
from wesentra.crm.contacts import forms as contact_forms
from wesentra.crm.contacts import queries as contact_queries
from wesentra.crm.interactions import actions, answers, forms, prompts, queries
from wesentra.models import Contact
from wesentra.models.codes import Outcome
from wesentra.models.personal import masked
from wesentra.refusal import Refused
from wesentra.web import ids, purpose
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("interactions", __name__, url_prefix="/interactions")


@blueprint.get("/new")
@needs("interactions.write")
def new() -> Response:
    """Begin: the prompts of this person, and the form."""
    contact = contact_queries.get(request.args.get("contact", 0, type=ids.number))
    form = _form(purpose=g.signed_in.purpose, token=uuid.uuid4().hex)
    return page("interactions/new.html", **_values(contact, form, {}))


@blueprint.post("/new")
@needs("interactions.write")
def create() -> Response:
    """Store the interaction, its checks and the changes."""
    contact_id = request.form.get("contact", 0, type=ids.number)
    form = _form(request.form)
    saved_for = queries.saved_as(form.token.data) if form.token.data else None
    if saved_for == contact_id:
        return done(f"/contacts/{contact_id}", notice="interaction_saved")
    if saved_for is not None:  # the form of somebody else: this one was not saved yet
        form.token.data = uuid.uuid4().hex
    given = forms.answers()
    words = _needless(form, given)
    refusals: dict[str, Refused] = {}
    if form.validate() and not words:
        contact = contact_queries.to_change(contact_id)
        current().purpose = form.purpose.data
        with form.refusals():
            try:
                actions.record(contact, form.talk(), given, contact_forms.region())
            except answers.Refusals as several:
                refusals = several.each
            else:
                return done(f"/contacts/{contact_id}", notice="interaction_saved")
    return _again(contact_id, form, given, refusals, words)


def _again(
    contact_id: int,
    form: forms.InteractionForm,
    given: list[answers.Answer],
    refusals: dict[str, Refused],
    words: list[str],
) -> Response:
    """The form with its sentences: seen for the session's purpose, as when it was opened."""
    purpose.as_chosen()
    contact = contact_queries.get(contact_id)
    refusals = answers.overtaken(contact, given) | refusals
    asked = [answer.field for answer in given]
    return refused("interactions/new.html", words=words, **_values(contact, form, refusals, asked))


def _form(*args: object, **options: object) -> forms.InteractionForm:
    return forms.InteractionForm(*args, purposes=purpose.choices(), **options)


def _needless(form: forms.InteractionForm, given: list[answers.Answer]) -> list[str]:
    notes = (a.text for a in given if a.field == "note" and a.outcome == Outcome.CORRECTED)
    texts = [form.summary.data or "", form.next_step.data or "", *notes]
    return contact_forms.needless("\n".join(texts), request.form.get("sure", ""))


def _values(
    contact: Contact,
    form: forms.InteractionForm,
    refusals: dict[str, Refused],
    asked: list[str] | None = None,
) -> dict[str, Any]:
    return {
        "contact": contact,
        "form": form,
        "prompts": _prompts(contact, asked),
        "labels": _labels(),
        "kinds": {name: field.kind for name, field in fields.FIELDS.items()},
        "reasons": forms.SKIP_REASONS,
        "sent": request.form,
        "refusals": refusals,
        "which": company_queries.namesakes(request.form.get("fix-company", "")) if refusals else [],
        "chosen": ids.chosen(request.form.get("company_id", "")),
        "from_person": contact_forms.from_the_person(contact.source),
        "controller": current_app.extensions["wesentra_settings"].controller_name,
    }


def _prompts(contact: Contact, asked: list[str] | None) -> list[prompts.Prompt]:
    """What to ask about; of a form that was sent, what it `asked`. Where the data came from is
    told by those whom their purpose shows it."""
    checks = contact_queries.last_checks(contact.id)
    checked = {field: check.at for field, check in checks.items()}
    values = {field: answers.value_of(contact, field) for field in prompts.ORDER}
    if asked is not None:
        return prompts.again(asked, values, checked)
    changed = queries.last_changes(contact.id)
    told = "source" in masked(contact) or queries.was_told(contact.id)
    days = current_app.extensions["wesentra_settings"].prompt_days
    return prompts.decide(values, checked, told, clock.today(), days, changed)


def _labels() -> dict[str, str]:
    labels = {name: _(field.label) for name, field in fields.FIELDS.items()}
    return labels | {"name": _("Name"), "company": _("Company")}


def contact_panel(contact: Contact) -> str:
    """For the contact's page: the newest interactions."""
    found = queries.with_contact(contact.id)
    return render_template("interactions/_of_contact.html", interactions=found, contact=contact)


def day_panel() -> str:
    """For *my day*: what I did last."""
    found = queries.by_user(g.signed_in.user.id)
    return render_template("interactions/_mine.html", interactions=found)
