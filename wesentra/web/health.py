"""Whether the process and its database answer, for monitors; nothing else is said."""

from flask import Blueprint, Response, make_response
from sqlalchemy import text

from wesentra.models.base import db

blueprint = Blueprint("health", __name__)
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return make_response("ok\n", 200, PLAIN)


@blueprint.get("/readyz")
def ready() -> Response:
    """The database answers, too."""
    db.session.execute(text("SELECT 1"))
    return make_response("ready\n", 200, PLAIN)
