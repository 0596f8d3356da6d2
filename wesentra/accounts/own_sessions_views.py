"""The page of one's own sessions, and the two ways to end others of them."""

from flask import Blueprint, Response, g

from wesentra.accounts import own_sessions, sessions
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page

blueprint = Blueprint("sessions", __name__, url_prefix="/account/sessions")


@blueprint.get("/")
@needs("account.own")
def index() -> Response:
    """Where one is signed in."""
    rows = own_sessions.open_of(g.signed_in.user.id)
    return page("sessions/index.html", rows=rows, limits=sessions.limits(), this=_this())


@blueprint.post("/<int:session_id>/end")
@needs("account.own", fresh=True)
def end(session_id: int) -> Response:
    """Sign out there."""
    own_sessions.end_one(g.signed_in.user.id, session_id)
    return done("/account/sessions/", notice="session_ended")


@blueprint.post("/end-others")
@needs("account.own", fresh=True)
def end_others() -> Response:
    """Sign out everywhere else."""
    own_sessions.end_others(g.signed_in.user.id, _this())
    return done("/account/sessions/", notice="sessions_ended")


def _this() -> int:
    number: int = g.signed_in.session_id
    return number
