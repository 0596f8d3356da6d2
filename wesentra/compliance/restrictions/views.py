"""The pages of restrictions. Their own work sees restricted people, by number and never by name;
whoever is to be restricted is named once more before it."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request

from wesentra.actor import current
from wesentra.audit import ledger
from wesentra.compliance.restrictions import actions, forms, queries
from wesentra.models import Contact
from wesentra.models.codes import GROUNDS
from wesentra.web import ids, purpose
from wesentra.web.forms import Form
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("restrictions", __name__, url_prefix="/restrictions")
WHY = "subject_request"


@blueprint.get("/")
@needs("restrictions.read", shows="list", purpose=WHY)
def index() -> Response:
    """Whose processing is restricted now."""
    listed = queries.everybody(request.args.get("after", type=ids.number))
    return page("restrictions/index.html", listed=listed, grounds=GROUNDS)


@blueprint.get("/<int:contact_id>")
@needs("restrictions.read", purpose=WHY)
def show(contact_id: int) -> Response:
    """One person's restriction: who opened them and why; how it is placed or lifted."""
    return _page(contact_id)


@blueprint.post("/<int:contact_id>/place")
@needs("restrictions.write", purpose=WHY)
def place(contact_id: int) -> Response:
    """Restrict the processing of one person's data."""
    form = forms.PlaceForm.sent()
    if not form.validate():
        return _page(contact_id, 422, place=form)
    actions.place(contact_id, form.ground.data)
    return done(f"/restrictions/{contact_id}", notice="restricted")


@blueprint.post("/<int:contact_id>/lift")
@needs("restrictions.write", purpose=WHY)
def lift(contact_id: int) -> Response:
    """End a restriction."""
    form = forms.LiftForm.sent()
    if form.validate() and form.told_on.data is not None:
        with form.refusals():
            actions.lift(contact_id, form.told_on.data)
            return done(f"/contacts/{contact_id}", notice="lifted")
    return _page(contact_id, 422, lift=form)


@blueprint.get("/<int:contact_id>/open")
@needs("contacts.read")
def ask_reason(contact_id: int) -> Response:
    """Ask why somebody restricted is opened; whoever is not is simply shown."""
    if not queries.is_closed(contact_id):
        return done(f"/contacts/{contact_id}")
    return page("restrictions/open.html", form=forms.OpenForm(), contact_id=contact_id)


@blueprint.post("/<int:contact_id>/open")
@needs("contacts.read", purpose=WHY)
def open_person(contact_id: int) -> Response:
    """Open them to this user for half an hour, for the session's purpose."""
    purpose.as_chosen()
    if not queries.is_closed(contact_id):
        return done(f"/contacts/{contact_id}")
    form = forms.OpenForm.sent()
    if not form.validate():
        return refused("restrictions/open.html", form=form, contact_id=contact_id)
    queries.demand(contact_id)
    actions.open_for(g.signed_in.session_id, contact_id, form.reason.data or "")
    return done(f"/contacts/{contact_id}")


def _page(contact_id: int, status: int = 200, **sent: Form) -> Response:
    restriction = queries.standing(contact_id)
    person = queries.to_restrict(contact_id) if restriction is None else None
    shown: dict[str, Any] = {"place": forms.PlaceForm(), "lift": forms.LiftForm(), **sent}
    return page(
        "restrictions/show.html",
        status=status,
        contact_id=contact_id,
        person=person,
        restriction=restriction,
        openings=queries.openings(contact_id, request.args.get("after", type=ids.number)),
        names=ledger.user_names(),
        grounds=GROUNDS,
        **shown,
    )


def badge(contact: Contact) -> str:
    """For the head of a person's pages: that they are open despite a restriction."""
    if contact.id not in current().opened:
        return ""
    return render_template("restrictions/_badge.html", contact=contact)


def right(contact: Contact) -> str:
    """For the card of the person's rights: the way to the restriction."""
    return render_template("restrictions/_right.html", contact=contact)
