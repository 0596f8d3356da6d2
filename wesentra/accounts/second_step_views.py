"""The second step of signing in: after the right password the code is asked, before any session."""

from flask import Blueprint, Response, request

from wesentra.accounts import second_factor, second_step
from wesentra.accounts.coming_in import let_in, own_path
from wesentra.accounts.forms import SignInForm
from wesentra.accounts.second_factor_forms import CodeForm
from wesentra.models import User
from wesentra.models.base import db, writing
from wesentra.refusal import Refused
from wesentra.web import interrupted
from wesentra.web.htmx import page, refused

blueprint = Blueprint("second_step", __name__, url_prefix="/login")


def ask(user: User, form: CodeForm | None = None, how: tuple[str, ...] = ()) -> Response:
    """The form that asks for the code, again with the same ticket after a `form` that was refused;
    a form that was interrupted goes along. `how`: what was shown before it, when no password."""
    return page(
        "second_step/code.html",
        status=422 if form else 200,
        form=form or CodeForm(),
        ticket=request.form.get("ticket", "") if form else second_step.ticket(user, *how),
        next=request.form.get("next", ""),
        interrupted=interrupted.of_sign_in(),
    )


@blueprint.post("/code")
def check() -> Response:
    """Check the code, and let in."""
    db.session.rollback()
    writing.set(True)
    form = CodeForm.sent()
    try:
        user, before = second_step.holder(request.form.get("ticket", ""))
    except Refused as no:
        return _anew(no)
    if form.validate():
        with form.refusals():
            how = second_factor.demand(user, form.code.data or "")
            return let_in(user, own_path(request.form.get("next", "/")), *before, how)
    form.code.data = ""
    return ask(user, form, before)


def _anew(no: Refused) -> Response:
    """Back to the password; what was interrupted still goes along."""
    form = SignInForm()
    form.refuse(no)
    return refused(
        "accounts/sign_in.html",
        form=form,
        next=request.form.get("next", ""),
        interrupted=interrupted.of_sign_in(),
    )
