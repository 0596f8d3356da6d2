"""One's own passkeys: added and removed."""

from flask import Blueprint, Response, g, request

from wesentra.accounts import challenges, passkeys, queries, second_factor
from wesentra.accounts.second_factor_forms import PasskeyForm
from wesentra.models import User
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page
from wesentra.web.unit_of_work import keep_changes

blueprint = Blueprint("passkeys", __name__, url_prefix="/account/passkeys")


@blueprint.get("/")
@needs("account.own")
def index() -> Response:
    """What there are, and the way to one more."""
    return _page(PasskeyForm())


@blueprint.post("/")
@needs("account.own")
def add() -> Response:
    """Keep the passkey that the browser has made, for a code."""
    form, user = PasskeyForm.sent(), _own()
    if form.validate():
        with form.refusals():
            if not second_factor.is_asked_of(user):
                raise Refused(mark("Set up the app first."))
            second_factor.demand(user, form.code.data or "")
            keep_changes()  # the code is used up, whatever becomes of the passkey
            sent = request.form
            passkeys.add(
                user, form.name.data or "", sent.get("ticket", ""), sent.get("credential", "")
            )
            return done("/account/passkeys/", notice="saved")
    form.code.data = ""
    return _page(form, 422)


@blueprint.post("/<int:passkey_id>/remove")
@needs("account.own", fresh=True)
def remove(passkey_id: int) -> Response:
    """Take a passkey away."""
    passkeys.remove(_own(), passkey_id)
    return done("/account/passkeys/", notice="deleted")


def _page(form: PasskeyForm, status: int = 200) -> Response:
    user, challenge = _own(), challenges.new("create")
    return page(
        "passkeys/index.html",
        status=status,
        form=form,
        keys=passkeys.of(user.id),
        app=second_factor.of(user),
        ticket=challenge.ticket,
        options=passkeys.to_create(user, challenge.value),
    )


def _own() -> User:
    return queries.get(g.signed_in.user.id)
