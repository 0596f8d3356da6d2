"""The pages of holds on the log: all of them, a new one, and the end of one."""

from typing import Any

from flask import Blueprint, Response, current_app

from wesentra.actor import current
from wesentra.audit import holds, ledger
from wesentra.audit.life import LogHold
from wesentra.compliance.access_log.hold_forms import HoldForm, LiftForm
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("log_holds", __name__, url_prefix="/log/holds")
WHY = "log_review"
ALL = "/log/holds"


@blueprint.get("")
@needs("log.read", purpose=WHY)
def index() -> Response:
    """The holds on the log, and the form for another."""
    current().event("log_read", "log", fields=["holds"])
    return page("log/holds.html", form=HoldForm(), **_every())


@blueprint.post("")
@needs("log.write", purpose=WHY)
def place() -> Response:
    """Let some days of the log stay."""
    form = HoldForm.sent()
    if form.validate() and (made := form.sent_before()) is not None:
        return done(made)
    if not form.errors and form.first.data is not None:
        with form.refusals():
            given = form.reason.data, form.reference.data or "", form.first.data, form.last.data
            holds.place(*given)
            return done(form.leads_to(ALL), notice="hold_placed")
    return refused("log/holds.html", form=form, **_every())


@blueprint.get("/<int:hold_id>/lift")
@needs("log.write", purpose=WHY)
def ask_why(hold_id: int) -> Response:
    """What a hold keeps, and the question why it is lifted; one that was lifted is in the list."""
    hold = holds.get(hold_id)
    current().event("log_read", "log", fields=["holds"])
    if hold.lifted_at is not None:
        return done(ALL)
    return page("log/lift.html", form=LiftForm(), **_one(hold))


@blueprint.post("/<int:hold_id>/lift")
@needs("log.write", purpose=WHY)
def lift(hold_id: int) -> Response:
    """End a hold, for a reason in words."""
    hold, form = holds.to_lift(hold_id), LiftForm.sent()
    if form.validate():
        with form.refusals():
            holds.lift(hold, form.why.data or "")
            return done(ALL, notice="hold_lifted")
    return refused("log/lift.html", form=form, **_one(hold))


def _every() -> dict[str, Any]:
    found = holds.every()
    return {"holds": found, **_around(found)}


def _one(hold: LogHold) -> dict[str, Any]:
    months = current_app.extensions["wesentra_settings"].log_months
    return {"hold": hold, "bound": holds.is_bound(hold), "months": months, **_around([hold])}


def _around(found: Any) -> dict[str, Any]:
    return {"breaches": holds.breaches(found), "names": ledger.user_names()}
