"""Objections to marketing: a form on the person's page, and the badge that tells of one."""

from flask import Blueprint, Response, g, render_template

from wesentra import clock
from wesentra.compliance.objections import actions, forms, queries
from wesentra.models import Contact, Objection
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("objections", __name__, url_prefix="/objections")


@blueprint.get("/<int:contact_id>/note")
@needs("objections.write")
def ask(contact_id: int) -> Response:
    """The form, for another day than today or another channel than a call."""
    contact = queries.to_change(contact_id)
    return page("objections/note.html", form=forms.ObjectionForm(), contact=contact)


@blueprint.post("/<int:contact_id>/note")
@needs("objections.write")
def note(contact_id: int) -> Response:
    """The person objects to marketing."""
    form = forms.ObjectionForm.sent()
    contact = queries.to_change(contact_id)
    if form.validate() and form.said_on.data is not None:
        with form.refusals():
            actions.note(contact, form.said_on.data, form.channel.data)
            return done(f"/contacts/{contact_id}", notice="objection_noted")
    return refused("objections/note.html", form=form, contact=contact)


@blueprint.post("/<int:contact_id>/withdraw")
@needs("objections.write")
def withdraw(contact_id: int) -> Response:
    """The person does not object any more."""
    actions.withdraw(queries.to_change(contact_id))
    return done(f"/contacts/{contact_id}", notice="saved")


def badge(contact: Contact) -> str:
    """For the head of a person's pages."""
    if _standing(contact) is None:
        return ""
    return render_template("objections/_badge.html", contact=contact)


def right(contact: Contact) -> str:
    """For the card of the person's rights: object, or take it back."""
    return render_template(
        "objections/_right.html",
        contact=contact,
        objection=_standing(contact),
        today=clock.today(),
    )


def _standing(contact: Contact) -> Objection | None:
    """The objection that stands, asked for once a page and person."""
    asked: dict[int, Objection | None] = g.setdefault("objections", {})
    if contact.id not in asked:
        asked[contact.id] = queries.standing(contact.id)
    return asked[contact.id]
