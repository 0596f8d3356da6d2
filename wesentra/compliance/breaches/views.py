"""The pages of breaches, and the panel of those that are not finished."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template
from flask_babel import gettext as _

from wesentra import clock
from wesentra.audit import holds
from wesentra.compliance.breaches import actions, policy, queries, words
from wesentra.compliance.breaches.forms import BreachForm
from wesentra.models import Breach
from wesentra.models.breach import BreachStatus
from wesentra.refusal import Refused
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("breaches", __name__, url_prefix="/breaches")
WHY = "log_review"


@blueprint.get("/")
@needs("breaches.read", purpose=WHY)
def index() -> Response:
    """All breaches."""
    return page("breaches/index.html", breaches=queries.everything(), **_words())


@blueprint.get("/new")
@needs("breaches.write", purpose=WHY)
def new() -> Response:
    """The form for a breach that somebody has noticed."""
    now = clock.now().astimezone(clock.HELSINKI).replace(tzinfo=None, second=0, microsecond=0)
    return page("breaches/edit.html", form=BreachForm(aware_at=now), **_form())


@blueprint.post("/new")
@needs("breaches.write", purpose=WHY)
def create() -> Response:
    """Write down a breach."""
    form = BreachForm.sent()
    if form.validate():
        with form.refusals():
            policy.check(form.values(), clock.now())
            if (made := form.sent_before()) is not None:
                return done(made, notice="created")
            number = actions.register(form.values())
            return done(form.leads_to(f"/breaches/{number}"), notice="created")
    return refused("breaches/edit.html", form=form, **_form())


@blueprint.get("/<int:breach_id>")
@needs("breaches.read", purpose=WHY)
def show(breach_id: int) -> Response:
    """One breach, with what is still missing."""
    return page("breaches/show.html", **_of(queries.get(breach_id)))


@blueprint.get("/<int:breach_id>/edit")
@needs("breaches.write", purpose=WHY)
def edit(breach_id: int) -> Response:
    """The form of a breach that is not closed; a closed one is only shown."""
    breach = queries.get(breach_id)
    if breach.status == BreachStatus.CLOSED:
        return done(f"/breaches/{breach_id}")
    return page("breaches/edit.html", form=BreachForm.of(breach), **_form(breach))


@blueprint.post("/<int:breach_id>/edit")
@needs("breaches.write", purpose=WHY)
def save(breach_id: int) -> Response:
    """Write down what is known now."""
    breach = queries.to_change(breach_id)
    form = BreachForm.sent()
    if form.validate():
        with form.refusals():
            actions.save(breach, form.values(breach), form.seen())
            return done(f"/breaches/{breach_id}", notice="saved")
    return refused("breaches/edit.html", form=form, **_form(breach))


@blueprint.post("/<int:breach_id>/close")
@needs("breaches.write", purpose=WHY)
def close(breach_id: int) -> Response:
    """End a breach that is documented, and its hold on the log with it."""
    breach = queries.to_change(breach_id)
    try:
        actions.close(breach)
    except Refused as no:
        return refused("breaches/show.html", **_of(breach), refusal=_(no.sentence, **no.values))
    return done(f"/breaches/{breach_id}", notice="breach_closed")


def dashboard_panel() -> str:
    """For the dashboard: breaches that are not finished, and until when they are to be notified."""
    return render_template("breaches/_unfinished.html", breaches=queries.unfinished(), **_words())


def _of(breach: Breach) -> dict[str, Any]:
    months = current_app.extensions["wesentra_settings"].log_months
    return {"breach": breach, "hold": holds.of_breach(breach.id), "months": months, **_words()}


def _form(breach: Breach | None = None) -> dict[str, Any]:
    """What stands around the form: the breach, and how its hold keeps the log, or will."""
    if breach is None:
        return {"breach": None, "held_from": actions.held_from()}
    return {"breach": breach, "hold": holds.of_breach(breach.id)}


def _words() -> dict[str, Any]:
    return {
        "due": policy.due,
        "now": clock.now(),
        "statuses": {key: _(text) for key, text in words.STATUSES.items()},
        "natures": {key: _(text) for key, text in words.NATURES.items()},
        "detected": {key: _(text) for key, text in words.DETECTED_BY.items()},
    }
