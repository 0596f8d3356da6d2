"""Signing in with a passkey: the device has asked for finger, face or PIN, and that is enough."""

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from wesentra.accounts import challenges, passkeys, throttle
from wesentra.accounts.coming_in import let_in, own_path
from wesentra.actor import current
from wesentra.models.base import db, writing
from wesentra.refusal import Refused
from wesentra.web import interrupted
from wesentra.web.htmx import page
from wesentra.web.unit_of_work import keep_changes

blueprint = Blueprint("passkey_sign_in", __name__, url_prefix="/login/passkey")


@blueprint.post("/")
def ask() -> Response:
    """The page on which the browser asks for the passkey; an interrupted form goes along."""
    return _page()


@blueprint.post("/check")
def check() -> Response:
    """Verify what the passkey signed, and let in."""
    db.session.rollback()
    writing.set(True)
    try:
        user = passkeys.holder(request.form.get("ticket", ""), request.form.get("credential", ""))
    except Refused as no:
        if throttle.is_told(current().source):
            current().event("sign_in_failed", "user", [], ["passkey"], outcome="denied")
            keep_changes()
        return _page(422, _(no.sentence))
    throttle.passed(user.name, current().source)
    return let_in(user, own_path(request.form.get("next", "/")), "passkey")


def _page(status: int = 200, sentence: str = "") -> Response:
    challenge = challenges.new("get")
    return page(
        "passkey_sign_in/ask.html",
        status=status,
        sentence=sentence,
        ticket=challenge.ticket,
        options=passkeys.to_get(challenge.value),
        next=request.form.get("next", ""),
        interrupted=interrupted.of_sign_in(),
    )
