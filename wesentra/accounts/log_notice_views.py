"""The page of the notice about logging, which stands before every other until it was read."""

from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _

from wesentra.accounts import log_notice
from wesentra.accounts.coming_in import own_path
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
        log_notice.acknowledge(g.signed_in.user.id, _read())
    except Refused as refusal:
        return _page(**asked, status=422, sentence=_(refusal.sentence))
    if form is not None:
        return page("accounts/go_on.html", interrupted=form)
    return done(own_path(request.form.get("next", "/")))


def _read() -> log_notice.Notice:
    """The notice that stood on the page."""
    version, months = (chosen(request.form.get(name, "")) or 0 for name in ("version", "months"))
    return log_notice.Notice(version, months)


def _page(**values: Any) -> Response:
    return page(
        "log_notice/show.html",
        notice=log_notice.of_today(),
        informed=g.signed_in.informed,
        **values,
    )
