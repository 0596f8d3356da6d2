"""The pages of the access log."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from wesentra import clock
from wesentra.actor import current
from wesentra.audit import holds, ledger
from wesentra.compliance.access_log import export, forms, words
from wesentra.compliance.access_log.hold_forms import HoldForm
from wesentra.refusal import NotFound
from wesentra.texts import mark
from wesentra.web.files import built, download
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("log", __name__, url_prefix="/log")
words.install(blueprint)


@blueprint.get("/")
@needs("log.read", purpose="log_review")
def index() -> Response:
    """Entries, newest first, by the filter in the address."""
    form = forms.FilterForm(request.args)
    if not form.validate():
        return refused("log/index.html", form=form, entries=[], wanted=ledger.Wanted())
    wanted = form.wanted()
    _note_reading(wanted)
    listed = ledger.page(wanted, before=request.args.get("before", type=int))
    return page(
        "log/index.html",
        "log/_entries.html",
        form=form,
        entries=listed.entries,
        wanted=wanted,
        query=_query(),
        next_url=f"/log/?{_query(before=listed.before)}" if listed.before else "",
    )


@blueprint.get("/requests/<request_id>")
@needs("log.read", purpose="log_review")
def one_request(request_id: str) -> Response:
    """Everything that one request, command or job did."""
    current().event("log_read", "log", fields=["request"])
    entries = ledger.of_request(request_id)
    if not entries:
        raise NotFound(mark("There is no request with this number in the log."))
    return page("log/request.html", entries=entries, request_id=request_id)


@blueprint.get("/export")
@needs("log.export", shows="export", purpose="log_review")
def export_file() -> Response:
    """The filtered log as a file, `format` jsonl or csv."""
    form = forms.FilterForm(request.args)
    format_ = export.check(request.args.get("format", "jsonl"))
    if not form.validate():
        return refused("log/index.html", form=form, entries=[], wanted=ledger.Wanted())
    file = built(lambda target: export.write(target, form.wanted(), format_))
    return download(file, f"access-log-{clock.today()}.{format_}", export.FORMATS[format_])


@blueprint.get("/holds")
@needs("log.read", purpose="log_review")
def kept() -> Response:
    """The holds on the log, and the form for another."""
    current().event("log_read", "log", fields=["holds"])
    return page("log/holds.html", form=HoldForm(), **_holds())


@blueprint.post("/holds")
@needs("log.write", purpose="log_review")
def hold() -> Response:
    """Let some days of the log stay."""
    form = HoldForm.sent()
    if form.validate() and (made := form.sent_before()) is not None:
        return done(made)
    if not form.errors and form.first.data is not None:
        with form.refusals():
            given = form.reason.data, form.reference.data or "", form.first.data, form.last.data
            holds.place(*given)
            return done(form.leads_to("/log/holds"), notice="hold_placed")
    return refused("log/holds.html", form=form, **_holds())


@blueprint.post("/holds/<int:hold_id>/lift")
@needs("log.write", purpose="log_review")
def lift(hold_id: int) -> Response:
    """End a hold."""
    holds.lift(holds.get(hold_id))
    return done("/log/holds", notice="hold_lifted")


def _holds() -> dict[str, Any]:
    return {"holds": holds.every(), "names": ledger.user_names()}


def _note_reading(wanted: ledger.Wanted) -> None:
    """Reading the log is itself an entry, and who is read about finds it.

    A number that the log never met is nobody's yet: whoever gets it later was not read about.
    """
    known = wanted.contact is not None and _is_known(wanted.contact)
    ids = [wanted.contact] if wanted.contact is not None and known else []
    current().event("log_read", "contact" if ids else "log", ids, sorted(wanted.given()))


def _is_known(contact: int) -> bool:
    return bool(ledger.page(ledger.Wanted(contact=contact), size=1).entries)


def _query(before: int | None = None) -> str:
    """The filter of this page as a query, with the place where to go on."""
    kept = {name: text for name, text in request.args.items() if text and name != "before"}
    return urlencode({**kept, "before": before} if before else kept)
