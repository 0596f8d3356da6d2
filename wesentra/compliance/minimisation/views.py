"""The pages of minimisation, and its card on a person's page of retention."""

from flask import Blueprint, Response, current_app, render_template

from wesentra.audit import ledger
from wesentra.compliance.minimisation import actions, queries, unused
from wesentra.compliance.minimisation import words as named
from wesentra.compliance.minimisation.policy import FIELDS, REMOVABLE, sorted_shares
from wesentra.compliance.minimisation.removing import Empty
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page

blueprint = Blueprint("minimisation", __name__, url_prefix="/minimisation")
WHY = "maintenance"
EMPTY_DOOR = "wesentra_empty_field"
"""Where the way hangs in which a field of a contact is emptied: compliance knows no feature."""


def _empty() -> Empty:
    door: Empty = current_app.extensions[EMPTY_DOOR]
    return door


@blueprint.get("/")
@needs("minimisation.read", purpose=WHY)
def index() -> Response:
    """The data dictionary with what is used of it, and which fields of which groups nobody uses."""
    known = unused.measured()
    shares = queries.shares(known)
    return page(
        "minimisation/index.html",
        known=known,
        months=unused.months(),
        dictionary=queries.dictionary(shares, known),
        others=queries.others(),
        shares=sorted_shares(queries.removable(shares)),
        removals=queries.removals(),
        names=ledger.user_names(),
        fields=FIELDS,
        named=named,
    )


@blueprint.get("/groups/<group>/<field>")
@needs("minimisation.read", purpose=WHY)
def show(group: str, field: str) -> Response:
    """One field of one group, in numbers."""
    return _of_group("minimisation/show.html", group, field)


@blueprint.get("/groups/<group>/<field>/remove")
@needs("minimisation.delete", purpose=WHY, fresh=True)
def ask(group: str, field: str) -> Response:
    """Whether it is to go."""
    return _of_group("minimisation/remove.html", group, field)


@blueprint.post("/groups/<group>/<field>/remove")
@needs("minimisation.delete", purpose=WHY, fresh=True)
def remove(group: str, field: str) -> Response:
    """Take it from everybody of the group who does not need it."""
    actions.known_group(group)
    removal = actions.remove_from_group(group, actions.known_field(field), _empty())
    notice = "fields_removed" if removal.done_at else "fields_going"
    return done(f"/minimisation/groups/{group}/{field}", notice=notice)


def _of_group(template: str, group: str, field: str) -> Response:
    known = unused.measured()
    return page(
        template,
        known=known,
        months=unused.months(),
        share=queries.share(actions.known_group(group), actions.known_field(field), known),
        removal=queries.removal_of(group, field),
        names=ledger.user_names(),
        field=FIELDS[field],
    )


# --- of one person --------------------------------------------------------------------------------


@blueprint.get("/contacts/<int:contact_id>/<field>")
@needs("minimisation.delete", purpose=WHY, fresh=True)
def ask_of(contact_id: int, field: str) -> Response:
    """Whether a field of one person is to go; the value is not shown, or it would be a look."""
    found = unused.of_person(contact_id, [actions.known_field(field)], unused.measured())
    return page(
        "minimisation/remove_of.html",
        contact_id=contact_id,
        since=found.get(field),
        name=field,
        field=FIELDS[field],
    )


@blueprint.post("/contacts/<int:contact_id>/<field>")
@needs("minimisation.delete", purpose=WHY, fresh=True)
def remove_of(contact_id: int, field: str) -> Response:
    """Take it from them."""
    actions.remove_from(contact_id, actions.known_field(field), _empty())
    return done(f"/retention/contacts/{contact_id}", notice="field_removed")


def contact_panel(number: int) -> str:
    """For a person's page of retention: their fields that nobody uses."""
    known = unused.measured()
    found = unused.of_person(number, REMOVABLE, known)
    return render_template(
        "minimisation/_of_contact.html",
        found=found,
        number=number,
        known=known,
        months=unused.months(),
        fields=FIELDS,
    )
