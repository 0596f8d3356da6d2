"""The pages of the access log: all of it, one request, and as a file."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from wesentra import clock
from wesentra.audit import ledger
from wesentra.compliance.access_log import export, forms, reading, rows, words
from wesentra.refusal import NotFound
from wesentra.texts import mark
from wesentra.web.files import built, download
from wesentra.web.guard import needs
from wesentra.web.htmx import page, refused

blueprint = Blueprint("log", __name__, url_prefix="/log")
words.install(blueprint)


@blueprint.get("/")
@needs("log.read", purpose="log_review")
def index() -> Response:
    """Entries, newest first, by the filter in the address."""
    return listed("log/index.html", "/log/", lambda _wanted: {})


@blueprint.get("/requests/<request_id>")
@needs("log.read", purpose="log_review")
def one_request(request_id: str) -> Response:
    """Everything that one request, command or job did."""
    reading.note("log_read", ledger.Wanted(), "request")
    return request_page(request_id)


@blueprint.get("/export")
@needs("log.export", shows="export", purpose="log_review", fresh=True)
def export_file() -> Response:
    """The filtered log as a file, `format` jsonl or csv."""
    form = forms.FilterForm(request.args)
    format_ = export.check(request.args.get("format", "jsonl"))
    if not form.validate():
        return _refused("log/index.html", "/log/", form)
    file = built(lambda target: export.write(target, form.wanted(), format_))
    return download(file, f"access-log-{clock.today()}.{format_}", export.FORMATS[format_])


def listed(
    template: str,
    base: str,
    figures: Callable[[ledger.Wanted], dict[str, Any]],
    contact: int | None = None,
    user: int | None = None,
    **values: Any,
) -> Response:
    """A page of entries by the filter in the address, about a `contact` or a `user` if one is
    given; `base` is its address, and `figures` what its first page says above the entries."""
    values |= {"number": contact, "user": user}
    form = forms.FilterForm.narrowed(request.args, contact=contact, user=user)
    if not form.validate():
        return _refused(template, base, form, **values)
    wanted = form.wanted()
    reading.note("log_read", wanted)
    shown = {} if "before" in request.args else figures(wanted)
    values |= {"form": form, "wanted": wanted, "base": base}
    return page(template, "log/_entries.html", **values, **shown, **_found(base, wanted))


def _found(base: str, wanted: ledger.Wanted) -> dict[str, Any]:
    """One page of entries, and the way to the next one; how many looks of the program are away."""
    alone = bool(wanted.operation) or "program" in request.args
    found = ledger.page(wanted, before=request.args.get("before", type=int), alone=alone)
    next_url = f"{base}?{_query(before=found.before)}" if found.before else ""
    return {
        "rows": rows.of(found.entries),
        "query": _query(),
        "fold_url": f"{base}?{_query(program='')}",
        "next_url": next_url,
        "folded": 0 if alone else ledger.looked_alone(wanted),
    }


def request_page(request_id: str, user: int | None = None) -> Response:
    """What was on one page, or in one command or job; of `user` alone if one is given."""
    entries = ledger.of_request(request_id, user)
    if not entries:
        raise NotFound(mark("There is no request with this number in the log."))
    alone = [entry for entry in entries if entry.operation == ledger.Operation.PROGRAM]
    return page(
        "log/request.html",
        first=entries[0],
        entries=[entry for entry in entries if entry not in alone],
        alone=alone,
        request_id=request_id,
        own=user is not None,
    )


def _refused(template: str, base: str, form: forms.FilterForm, **values: Any) -> Response:
    return refused(template, form=form, rows=[], wanted=ledger.Wanted(), base=base, **values)


def _query(**other: object) -> str:
    """The filter of this page as a query, with `other` parts: where to go on, what to leave out."""
    own = {**request.args.to_dict(), "before": "", **other}
    return urlencode({name: value for name, value in own.items() if value})
