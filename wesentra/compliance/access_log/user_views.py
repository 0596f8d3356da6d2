"""Everything one user did: for the review, and for the user's own eyes."""

from typing import Any

from flask import Blueprint, Response, current_app, g, request

from wesentra import clock
from wesentra.audit import ledger
from wesentra.compliance.access_log import activity, export, forms, reading
from wesentra.compliance.access_log.views import listed, request_page
from wesentra.refusal import NotFound
from wesentra.texts import mark
from wesentra.web.files import built, download
from wesentra.web.guard import needs
from wesentra.web.htmx import refused

blueprint = Blueprint("log_users", __name__, url_prefix="/log")
OWN = "/log/own"


@blueprint.get("/users/<int:user_id>")
@needs("log.read", purpose="log_review")
def show(user_id: int) -> Response:
    """What a user did, by day; the last 30 days unless others are asked for."""
    name = ledger.user_names().get(user_id)
    if name is None:
        raise NotFound(mark("There is no such account."))
    return listed("log/user.html", f"/log/users/{user_id}", _doing, user=user_id, name=name)


@blueprint.get("/own")
@needs("account.own", purpose="log_review")
def own() -> Response:
    """What oneself did: everybody sees their own log, and nobody else's (759/2004)."""
    return listed("log/own.html", OWN, _doing, user=_self())


@blueprint.get("/own/requests/<request_id>")
@needs("account.own", purpose="log_review")
def own_request(request_id: str) -> Response:
    """What was on one page that oneself opened."""
    reading.note("log_read", ledger.Wanted(user=_self()), "request")
    return request_page(request_id, user=_self())


@blueprint.get("/own/export")
@needs("account.own", purpose="log_review")
def export_own() -> Response:
    """One's own log as a file, `format` jsonl or csv."""
    format_ = export.check(request.args.get("format", "csv"))
    form = forms.FilterForm.narrowed(request.args, user=_self())
    if not form.validate():
        return refused("log/own.html", form=form, rows=[], base=OWN, user=_self())
    file = built(lambda target: export.write_own(target, form.wanted(), format_))
    return download(file, f"own-log-{clock.today()}.{format_}", export.FORMATS[format_])


def _self() -> int:
    return int(g.signed_in.user.id)


def _doing(wanted: ledger.Wanted) -> dict[str, Any]:
    limits = current_app.extensions["wesentra_settings"]
    return {"doing": activity.doing(ledger.hours(wanted), limits), "limits": limits}
