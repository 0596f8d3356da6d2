"""Everything about one person: for the review, and as the person is told it."""

from flask import Blueprint, Response, current_app, request

from wesentra import clock
from wesentra.audit import ledger
from wesentra.compliance.access_log import activity, answer, reading
from wesentra.compliance.access_log.views import listed
from wesentra.web.files import built, download
from wesentra.web.guard import needs
from wesentra.web.htmx import page
from wesentra.web.language import speak

blueprint = Blueprint("log_people", __name__, url_prefix="/log/people")


@blueprint.get("/<int:contact_id>")
@needs("log.read", purpose="log_review")
def show(contact_id: int) -> Response:
    """Whatever the log says about a contact, also about one whom the register has forgotten."""
    return listed(
        "log/person.html",
        f"/log/people/{contact_id}",
        lambda _wanted: {"history": activity.history(ledger.handling_sums(contact_id))},
        contact=contact_id,
    )


@blueprint.get("/<int:contact_id>/answer")
@needs("log.read", purpose="subject_request")
def for_subject(contact_id: int) -> Response:
    """The same as the person is told it, to be printed; `language` is the person's."""
    speak(request.args.get("language", ""))
    reading.note("log_read", ledger.Wanted(contact=contact_id), "answer")
    return page(
        "log/answer.html",
        number=contact_id,
        rows=activity.told(ledger.handlings(contact_id)),
        coverage=ledger.coverage(),
        controller=_controller(),
        today=clock.today(),
    )


@blueprint.get("/<int:contact_id>/answer/export")
@needs("log.export", shows="export", purpose="subject_request", fresh=True)
def export_answer(contact_id: int) -> Response:
    """The same as a file, `format` csv or json."""
    format_ = answer.check(request.args.get("format", "csv"))
    speak(request.args.get("language", ""))
    reading.note("log_export", ledger.Wanted(contact=contact_id), "answer")
    file = built(lambda target: answer.write(target, contact_id, format_, _controller()))
    name = f"handlings-{contact_id}-{clock.today()}.{format_}"
    return download(file, name, answer.FORMATS[format_])


def _controller() -> str:
    return str(current_app.extensions["wesentra_settings"].controller_name)
