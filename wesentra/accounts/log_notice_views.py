"""The page of the notice about logging, which stands before every other until it was read."""

from typing import Any

from flask import Blueprint, Response, current_app, g, request
from flask_babel import gettext as _

from wesentra.accounts import log_notice
from wesentra.accounts.views import own_path
from wesentra.models.notice_acknowledgement import LOG_NOTICE
from wesentra.refusal import Refused
from wesentra.web import interrupted
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page
from wesentra.web.ids import chosen
from wesentra.web.language import speak

blueprint = Blueprint("log_notice", __name__, url_prefix="/account/log-notice")


@blueprint.get("/")
@needs("account.own")
def show() -> Response:
    """What is logged, why, who reads it and how long it is kept."""
    form = g.get("interrupted")
    return _page(interrupted=form, next=request.args.get("next", ""), status=403 if form else 200)


@blueprint.post("/")
@needs("account.own")
def acknowledge() -> Response:
    """Note that it was read, and go where one wanted to; `language` only shows it in another."""
    form = interrupted.of_sign_in()
    asked = {"interrupted": form, "next": request.form.get("next", "")}
    if language := request.form.get("language"):
        speak(language)
        return _page(**asked)
    try:
        log_notice.acknowledge(g.signed_in.user.id, chosen(request.form.get("version", "")) or 0)
    except Refused as refusal:
        return _page(**asked, status=422, sentence=_(refusal.sentence))
    if form is not None:
        return page("accounts/go_on.html", interrupted=form)
    return done(own_path(request.form.get("next", "/")))


def _page(**values: Any) -> Response:
    return page(
        "log_notice/show.html",
        version=LOG_NOTICE,
        months=current_app.extensions["wesentra_settings"].log_months,
        informed=g.signed_in.informed,
        **values,
    )
