"""Signing in and out, and one's own account."""

from typing import Any

from flask import Blueprint, Response, current_app, g, request
from flask_babel import gettext as _

from wesentra.accounts import (
    actions,
    own_password,
    passwords,
    queries,
    second_factor,
    second_step_views,
    sessions,
    throttle,
)
from wesentra.accounts.coming_in import let_in, own_path
from wesentra.accounts.forms import OwnSettingsForm, PasswordForm, SignInForm
from wesentra.actor import current
from wesentra.models import User
from wesentra.models.base import db, writing
from wesentra.refusal import Refused
from wesentra.web import interrupted
from wesentra.web.csrf import SESSION_COOKIE
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused
from wesentra.web.unit_of_work import keep_changes

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/login")
def sign_in() -> Response:
    """The form by which one comes in."""
    if g.signed_in is not None:
        return done("/")
    form = g.get("interrupted")
    return page(
        "accounts/sign_in.html",
        status=401 if form else 200,
        form=SignInForm(),
        next=request.args.get("next", ""),
        interrupted=form,
    )


@blueprint.post("/login")
def sign_in_post() -> Response:
    """Check name and password; the password is verified outside the write transaction."""
    form = SignInForm.sent()
    if form.validate():
        with form.refusals():
            return _let_in(form.username.data or "", form.password.data or "")
    form.password.data = ""
    return refused(
        "accounts/sign_in.html",
        form=form,
        next=request.form.get("next", ""),
        interrupted=interrupted.of_sign_in(),
    )


def _let_in(name: str, password: str) -> Response:
    user = _verified(name, password)
    if second_factor.is_asked_of(user):
        return second_step_views.ask(user)
    return let_in(user, own_path(request.form.get("next", "/")))


def _verified(name: str, password: str) -> User:
    """Whose name and password these are; refuses wrong ones, and after many for a while.

    Codes and passkeys are counted under names with a space in them (`second_factor`), which nobody
    reaches by typing one.
    """
    source, tried = current().source, "".join(name.split())
    throttle.check(tried, source)
    user = queries.by_name(name)
    stored = user.password_hash if user is not None and user.is_active else None
    db.session.rollback()  # verifying takes long: nobody else waits for the write lock meanwhile
    right = passwords.matches(password, stored)
    anew = passwords.hashed_anew(password, stored) if right else None
    writing.set(True)
    user = queries.by_name(name)  # meanwhile closed maybe, or given another password
    if user is None or not right or not user.is_active or user.password_hash != stored:
        throttle.failed(tried, source)
        current().event("sign_in_failed", "user", [user.id] if user else [], outcome="denied")
        keep_changes()
        raise Refused(_("The user name or the password is not right."))
    throttle.passed(tried, source)
    user.password_hash = anew or user.password_hash
    return user


@blueprint.post("/logout")
@needs("account.own")
def sign_out() -> Response:
    """Close this session."""
    sessions.end(g.signed_in.session_id)
    current().deed("sign_out", "user", [g.signed_in.user.id], [])
    response = done("/login", notice="signed_out")
    response.delete_cookie(SESSION_COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return response


@blueprint.post("/account/purpose")
@needs("purposes.own")
def purpose() -> Response:
    """Say what one's next looks are for."""
    sessions.work_for(g.signed_in.session_id, request.form.get("purpose", ""))
    current().purpose = request.form["purpose"]
    current().deed("purpose", "user", [g.signed_in.user.id], [])
    return done(own_path(request.form.get("next", "/")), notice="purpose_changed")


@blueprint.get("/account/")
@needs("account.own")
def index() -> Response:
    """One's own account."""
    return _account_page(OwnSettingsForm(obj=g.signed_in.user), PasswordForm())


@blueprint.get("/account/keys")
@needs("account.own")
def keys() -> Response:
    """The list of keys, for those without JavaScript and for reading."""
    return page("accounts/keys.html")


@blueprint.post("/account/settings")
@needs("account.own")
def settings() -> Response:
    """Change language, colours and keys."""
    form = OwnSettingsForm.sent()
    if not form.validate():
        return _account_page(form, PasswordForm(), 422)
    form.populate_obj(queries.by_id(g.signed_in.user.id))
    return done("/account/", notice="saved")


@blueprint.post("/account/password")
@needs("account.own")
def password() -> Response:
    """Change the password; all sessions end, also this one."""
    form = PasswordForm.sent()
    if form.validate():
        with form.refusals():
            _change_password(form.current_password.data or "", form.password.data or "")
            return done("/login", notice="saved")
    return _account_page(OwnSettingsForm(obj=g.signed_in.user), form, 422)


def _change_password(present: str, new: str) -> None:
    """Put a new password; a wrong present one counts like a wrong try of signing in, a new one
    that is refused does not."""
    own, source = g.signed_in.user, current().source
    name, stored = own.name, own.password_hash
    passwords.demand(new, name, own.full_name)
    throttle.check(name, source)
    db.session.rollback()  # hashing takes long: the write lock is free meanwhile
    right = passwords.matches(present, stored)
    names = (name, own.full_name, current_app.extensions["wesentra_settings"].controller_name)
    new_hash = passwords.hashed(new, *names) if right else ""
    user = actions.named(name)
    if not right or user.password_hash != stored:  # or replaced meanwhile by an administrator
        throttle.failed(name, source)
        current().event("account", "user", [user.id], ["password"], outcome="denied")
        keep_changes()
        raise Refused(_("The present password is not right."), field="current_password")
    throttle.passed(name, source)
    actions.set_password(user, new_hash)


def _account_page(own: OwnSettingsForm, password: PasswordForm, status: int = 200) -> Response:
    has_one = own_password.is_set(g.signed_in.user)
    values: dict[str, Any] = {"form": own, "password_form": password, "by_password": has_one}
    return page("accounts/index.html", status=status, **values)
