"""The start page."""

from flask import Blueprint, Response

from wesentra.web.guard import needs
from wesentra.web.htmx import page

blueprint = Blueprint("day", __name__)


@blueprint.get("/")
@needs("day.read", shows="list")
def index() -> Response:
    """My day."""
    return page("day/index.html")
