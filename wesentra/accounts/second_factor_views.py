"""One's own second factor: set up, new recovery codes, removed."""

from collections.abc import Callable

from flask import Blueprint, Response, g, render_template, request

from wesentra.accounts import (
    authenticators,
    own_sessions,
    queries,
    recovery_codes,
    second_factor,
)
from wesentra.accounts.second_factor_forms import CodeForm
from wesentra.models import User
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page

blueprint = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")


@blueprint.get("/")
@needs("account.own")
def index() -> Response:
    """What there is, or the way to set one up; first of all for who cannot go on without one."""
    if (form := g.get("interrupted")) is not None:
        return page("second_factor/first.html", status=403, interrupted=form)
    return _page(CodeForm())


@blueprint.post("/begin")
@needs("account.own", fresh=True)
def begin() -> Response:
    """Make a secret for an app; it counts from its first code on."""
    authenticators.begin(_own())
    return done("/account/second-factor/")


@blueprint.post("/confirm")
@needs("account.own", fresh=True)
def confirm() -> Response:
    """Let it count, and show the recovery codes, this once."""
    return _with_code(_confirmed)


@blueprint.post("/change")
@needs("account.own")
def change() -> Response:
    """For one of the codes: take it away (`do` is `remove`), or show new recovery codes."""
    removes = request.form.get("do") == "remove"
    return _with_code(_removed if removes else _renewed)


def panel() -> str:
    """For one's own account: whether there is a second factor."""
    user = g.signed_in.user
    return render_template(
        "second_factor/_panel.html",
        app=second_factor.of(user),
        left=recovery_codes.left(user.id),
    )


def _with_code(action: Callable[[User, str], Response]) -> Response:
    form = CodeForm.sent()
    if form.validate():
        with form.refusals():
            return action(_own(), form.code.data or "")
    form.code.data = ""
    return _page(form, 422)


def _confirmed(user: User, typed: str) -> Response:
    codes = second_factor.confirm(user, typed)
    own_sessions.end_others(user.id, g.signed_in.session_id)  # they came in without it
    return page("second_factor/codes.html", codes=codes)


def _renewed(user: User, typed: str) -> Response:
    return page("second_factor/codes.html", codes=second_factor.renew_codes(user, typed))


def _removed(user: User, typed: str) -> Response:
    second_factor.remove(user, typed)
    return done("/account/second-factor/", notice="second_factor_removed")


def _page(form: CodeForm, status: int = 200) -> Response:
    """The page in its state. A secret that waits is shown only to who has just come in: a passer-by
    at an open screen would have a copy of it."""
    user = _own()
    waits = authenticators.waiting(user.id) if g.signed_in.fresh else None
    secret = authenticators.secret_of(waits) if waits else None
    return page(
        "second_factor/index.html",
        status=status,
        form=form,
        app=second_factor.of(user),
        left=recovery_codes.left(user.id),
        secret=secret,
        picture=authenticators.qr_code(user, secret) if secret else "",
        required=g.signed_in.lacks_factor,
    )


def _own() -> User:
    return queries.get(g.signed_in.user.id)
