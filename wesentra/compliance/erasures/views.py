"""The pages of erasures: by number and never by name, but for those who can be brought back."""

from flask import Blueprint, Response, g, render_template, request

from wesentra.audit import ledger
from wesentra.compliance.erasures import queries
from wesentra.erasure import recipients, waiting
from wesentra.erasure.reasons import REASONS
from wesentra.web import ids
from wesentra.web.guard import may, needs
from wesentra.web.htmx import done, page

blueprint = Blueprint("erasures", __name__, url_prefix="/erasures")
PLACES = {"contact": "contacts", "company": "companies"}


@blueprint.get("/")
@needs("erasures.read", purpose="subject_request")
def index() -> Response:
    """Everybody who was erased, the newest first."""
    return page(
        "erasures/index.html",
        listed=queries.page(request.args.get("before", type=ids.number)),
        count=queries.count(),
        left_since=queries.left_since(),
        waiting=len(waiting.listed()),
        reasons=REASONS,
        names=ledger.user_names(),
    )


@blueprint.get("/waiting")
@needs("erasures.own", shows="list")
def waiting_room() -> Response:
    """Who can be brought back: of one's own deletions, or of everybody's (privacy contact)."""
    listed = waiting.listed(_whose())
    to_tell = recipients.numbers([one.number for one in listed if one.kind == "contact"])
    return page(
        "erasures/waiting.html",
        listed=listed,
        who=queries.names_of(listed),
        to_tell=to_tell,
        names=ledger.user_names(),
    )


@blueprint.get("/waiting/<int:departure_id>")
@needs("erasures.own")
def show(departure_id: int) -> Response:
    """Who it is: the right one is brought back."""
    departure = waiting.one(departure_id, _whose())
    name = queries.name_of(departure.kind, departure.number)
    is_person = departure.kind == "contact" and name
    values = queries.told_with(departure.number) if is_person else {}
    return page("erasures/show.html", departure=departure, name=name, **values)


@blueprint.post("/waiting/<int:departure_id>/undo")
@needs("erasures.own")
def undo(departure_id: int) -> Response:
    """Bring them back."""
    departure = waiting.one(departure_id, _whose())
    waiting.bring_back(departure)
    return done(f"/{PLACES[departure.kind]}/{departure.number}", notice="returned")


def dashboard_figure() -> str:
    """For the row at the top of the dashboard: how many were erased."""
    return render_template(
        "erasures/_figure.html", count=queries.count(), left_since=queries.left_since()
    )


def day_panel() -> str:
    """For *my day*: that what one has deleted lately can still be brought back."""
    listed = waiting.listed(g.signed_in.user.id)
    return render_template("erasures/_of_day.html", count=len(listed)) if listed else ""


def _whose() -> int | None:
    """The user whose deletions are seen; None for everybody's."""
    return None if may("erasures.read") else int(g.signed_in.user.id)
