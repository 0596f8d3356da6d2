"""The pages of data subjects' requests; so far the copy of everything held about a person."""

from flask import Blueprint, Response, current_app, g, request

from wesentra.compliance.subject_requests import answer, queries
from wesentra.compliance.subject_requests.gather import gather
from wesentra.web.files import built, download
from wesentra.web.guard import needs
from wesentra.web.htmx import page

blueprint = Blueprint("subject_requests", __name__, url_prefix="/requests")


@blueprint.get("/")
@needs("subject_requests.export", purpose="subject_request")
def index() -> Response:
    """What a person can ask for, and how it is answered."""
    return page("subject_requests/index.html")


@blueprint.post("/export/<int:contact_id>")
@needs("subject_requests.export", shows="export", purpose="subject_request", fresh=True)
def export(contact_id: int) -> Response:
    """Everything held about one person as a file; `format` is csv, json or zip."""
    format_ = answer.check(request.form.get("format", "csv"))
    queries.demand(contact_id, g.signed_in.roles)
    controller = current_app.extensions["wesentra_settings"].controller_name
    gathered = gather(contact_id)
    file = built(lambda target: answer.write(target, gathered, format_, controller))
    return download(file, answer.file_name(gathered, format_), answer.FORMATS[format_])
