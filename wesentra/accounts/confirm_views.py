"""Who one is, once more, before what cannot be taken back: exports, deletion, others' accounts."""

from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from wesentra.accounts import freshness, own_password, queries, second_factor
from wesentra.accounts.coming_in import own_path
from wesentra.accounts.second_factor_forms import ConfirmForm, ConfirmWithCodeForm
from wesentra.accounts.sso import people
from wesentra.accounts.sso import setup as sso_setup
from wesentra.actor import Showing
from wesentra.models import User
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web import interrupted
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page

blueprint = Blueprint("confirm", __name__, url_prefix="/account/confirm")


@blueprint.get("/")
@needs("account.own")
def show() -> Response:
    """The form that asks for the password, or for a code from who has any."""
    form = g.get("interrupted")
    return _page(_form_class(_own())(), form, request.args.get("next", ""), 403 if form else 200)


@blueprint.post("/")
@needs("account.own")
def confirm() -> Response:
    """Check it, and go on with what was wanted."""
    user = _own()
    form = _form_class(user).sent()
    if form.validate():
        with form.refusals():
            _demand(user, form)
            freshness.renew(g.signed_in.session_id, user.id)
            return go_on()
    form.password.data = ""
    return _page(form, interrupted.of_sign_in(), request.form.get("next", ""), 422)


def _demand(user: User, form: ConfirmForm) -> None:
    code = form.data.get("code")
    if form.password.data:
        own_password.demand(user, form.password.data)
    elif code:
        second_factor.demand(user, code)
    else:
        raise Refused(mark("Write your password."), field="password")


def go_on() -> Response:
    """The form that was interrupted, a file by its link (it would leave this page open), a page."""
    onto = own_path(request.form.get("next", "/"))
    if (form := interrupted.of_sign_in()) is not None:
        return page("confirm/go_on.html", interrupted=form)
    if _is_file(onto):
        return page("confirm/go_on.html", file=onto)
    return done(onto)


def refused_page(no: Refused) -> Response:
    """The same question again, with the sentence why not."""
    form = _form_class(_own())()
    form.refuse(no)
    onto = own_path(request.values.get("next", "/"))
    return _page(form, interrupted.of_sign_in(), onto, 422)


def _is_file(path: str) -> bool:
    map_ = current_app.create_url_adapter(request)
    try:
        endpoint, _values = map_.match(path.partition("?")[0], "GET") if map_ else ("", {})
    except HTTPException:
        return False
    need = getattr(current_app.view_functions.get(endpoint), "need", None)
    return need is not None and need.shows is Showing.EXPORT


def _form_class(user: User) -> type[ConfirmForm]:
    return ConfirmWithCodeForm if second_factor.is_asked_of(user) else ConfirmForm


def _page(form: ConfirmForm, typed: object, onto: str, status: int) -> Response:
    user = _own()
    by_sso = sso_setup.is_offered() and people.is_known(user.id, sso_setup.settings())
    values: dict[str, Any] = {"form": form, "interrupted": typed, "next": onto, "by_sso": by_sso}
    by_password = own_password.is_set(user) or not by_sso
    return page("confirm/show.html", status=status, by_password=by_password, **values)


def _own() -> User:
    return queries.get(g.signed_in.user.id)
