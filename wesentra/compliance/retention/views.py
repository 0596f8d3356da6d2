"""The pages of retention as a whole, and what it hangs into those of others."""

from flask import Blueprint, Response, g, render_template

from wesentra import clock
from wesentra.audit import ledger
from wesentra.compliance.retention import actions, answering, queries, record_views, state
from wesentra.compliance.retention import words as named
from wesentra.compliance.retention.record_views import FOLDERS, home_of
from wesentra.models import Company, Contact
from wesentra.models.retention_due import soon
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page

blueprint = Blueprint("retention", __name__, url_prefix="/retention")
record_views.add_to(blueprint)
WHY = "maintenance"


@blueprint.get("/")
@needs("retention.read", purpose=WHY)
def index() -> Response:
    """How retention stands, in numbers: who goes next month, who is held, how the runs went."""
    stopped = state.stopped(clock.today())
    held, more = queries.held()
    return page(
        "retention/index.html",
        stopped=stopped,
        going=stopped.counts["due"] - state.gone(stopped) if stopped else 0,
        undated=state.undated(),
        leaving=queries.leaving(),
        held=held,
        more=more,
        names=ledger.user_names(),
        runs=state.runs(),
        today=clock.today(),
        named=named,
    )


@blueprint.get("/runs/<int:run_id>")
@needs("retention.read", purpose=WHY)
def certificate(run_id: int) -> Response:
    """What one run did: versions of rules and numbers, and nobody's name."""
    return page("retention/run.html", run=state.get(run_id), names=ledger.user_names(), named=named)


@blueprint.post("/runs/<int:run_id>/approve")
@needs("retention_rules.write", purpose=WHY, fresh=True)
def approve(run_id: int) -> Response:
    """Let a run go on that stopped because it would take many."""
    actions.approve(state.get(run_id))
    return done("/retention/", notice="saved")


# --- on pages of others ---------------------------------------------------------------------------


def contact_panel(contact: Contact) -> str:
    """For a person's page: the date, the rule, and the way to what moves it."""
    return _panel("contact", contact.id)


def company_panel(company: Company) -> str:
    """The same for a company's."""
    return _panel("company", company.id)


def _panel(kind: str, number: int) -> str:
    return render_template(
        "retention/_date.html",
        due=queries.date_of(kind, number),
        held=queries.held_by(kind, number),
        url=home_of(kind, number),
        named=named,
        today=clock.today(),
    )


def day_panel() -> str:
    """For *my day*: who leaves the register soon, to keep or to let go, and one's own holds whose
    day to be looked at has come."""
    own = g.signed_in.user.id
    found = {kind: answering.to_answer(kind, own) for kind in FOLDERS}
    again = {kind: answering.to_look_at(kind, own) for kind in FOLDERS}
    return "".join(
        render_template(f"retention/{name}.html", found=ones, folders=FOLDERS)
        for name, ones in (("_soon", found), ("_again", again))
        if any(ones.values())
    )


def month_panel() -> str:
    """For the privacy contact's day: what goes in the next month, and a run that stopped."""
    leaving, stopped = queries.leaving(), state.stopped(clock.today())
    if not leaving and stopped is None:
        return ""
    return render_template(
        "retention/_month.html", leaving=leaving, stopped=stopped, until=soon(clock.today())
    )


def dashboard_figure() -> str:
    """For the row at the top of the dashboard: who has no date."""
    return render_template("retention/_figure.html", undated=state.undated())
