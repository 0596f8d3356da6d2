"""The administrator's pages of accounts: who may come in, in which roles, from when to when.

Nothing of a customer stands on them.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, g, request

from wesentra.accounts import actions, link_mail, links, queries, rescues, roles
from wesentra.accounts.links_forms import MailForm
from wesentra.accounts.rescues import Way
from wesentra.accounts.users_forms import NewUserForm, RoleForm, role_name
from wesentra.models import User, db
from wesentra.models.codes import Role
from wesentra.refusal import Refused
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
WHY = "maintenance"


@blueprint.get("/users/")
@needs("settings.read", shows="list", purpose=WHY)
def index() -> Response:
    """Everybody with an account, and their roles today."""
    return page(
        "settings/index.html",
        users=queries.everybody(),
        roles=queries.roles_today(),
        waiting=len(roles.waiting()),
        role_name=role_name,
    )


@blueprint.get("/users/new")
@needs("settings.write", purpose=WHY, fresh=True)
def new() -> Response:
    """The form for a new account."""
    return page("settings/new.html", form=NewUserForm())


@blueprint.post("/users/new")
@needs("settings.write", purpose=WHY, fresh=True)
def create() -> Response:
    """Open an account, and hand over the link by which its user chooses a password."""
    form = NewUserForm.sent()
    if form.validate():
        with form.refusals():
            return _create(form.data)
    return refused("settings/new.html", form=form)


def _create(data: dict[str, Any]) -> Response:
    """What can be refused is asked before the link is mailed, and again with the account."""
    wanted = [Role(role) for role in data["roles"]]
    actions.demand_free(data["name"], data["full_name"], data["mail"])
    roles.reason_of(data["reason"])
    name = data["name"].strip().lower()
    secret, mailed = _link(name, actions.mail_address(data["mail"]), data["language"])
    given = (data["name"], data["full_name"], links.NO_PASSWORD, data["language"], data["mail"])
    user = actions.add(*given)
    waiting = roles.give(user, wanted, data["reason"])
    links.store(user, secret)
    return _link_page(user, secret, mailed=mailed, waiting=waiting)


@blueprint.get("/users/<int:user_id>")
@needs("settings.read", purpose=WHY)
def show(user_id: int) -> Response:
    """One account with the history of its roles."""
    return user_page(queries.get(user_id))


@blueprint.get("/users/<int:user_id>/reset")
@needs("settings.write", purpose=WHY, fresh=True)
def ask_reset(user_id: int) -> Response:
    """Ask before a password is replaced."""
    return page("settings/reset.html", user=queries.get(user_id))


@blueprint.post("/users/<int:user_id>/reset")
@needs("settings.write", purpose=WHY, fresh=True)
def reset(user_id: int) -> Response:
    """End the password, and hand over the link by which the user chooses another."""
    user = queries.get(user_id)
    try:
        actions.demand_open(user)
        rescues.demand(user, Way.LINK)
        secret, mailed = _link(user.name, user.mail, user.language)
        user = queries.get(user_id)
        links.store_anew(user, secret)
    except Refused as refusal:
        return refused_page(user, refusal)
    return _link_page(user, secret, mailed=mailed)


@blueprint.post("/users/<int:user_id>/mail")
@needs("settings.write", purpose=WHY, fresh=True)
def mail(user_id: int) -> Response:
    """Say where links for the password go."""
    user, form = queries.get(user_id), MailForm.sent()
    if form.validate():
        with form.refusals():
            actions.write_to(user, form.mail.data or "")
            return done(f"/settings/users/{user_id}", notice="saved")
    return user_page(user, mail_form=form, status=422)


@blueprint.get("/users/<int:user_id>/disable")
@needs("settings.write", purpose=WHY, fresh=True)
def ask_disable(user_id: int) -> Response:
    """Ask before an account is closed."""
    return page("settings/disable.html", user=queries.get(user_id))


@blueprint.post("/users/<int:user_id>/disable")
@needs("settings.write", purpose=WHY, fresh=True)
def disable(user_id: int) -> Response:
    """Close an account."""
    user = queries.get(user_id)
    try:
        actions.disable(user)
    except Refused as refusal:
        return refused_page(user, refusal)
    return done("/settings/users/", notice="saved")


def _link(name: str, receiver: str | None, language: str) -> tuple[str, bool]:
    """A new secret, and whether it was mailed: that takes long, so the write lock is let go."""
    db.session.rollback()
    secret, settings = links.token(), current_app.extensions["wesentra_settings"]
    return secret, link_mail.sent(settings, receiver or "", language, name, _address(secret))


def _address(secret: str) -> str:
    return f"{request.host_url}password/{secret}"


def _link_page(user: User, secret: str, *, mailed: bool, waiting: Sequence[Role] = ()) -> Response:
    """What was mailed is shown to nobody else; otherwise the administrator hands it over."""
    return page(
        "settings/link.html",
        user=user,
        link="" if mailed else _address(secret),
        hours=links.HOURS,
        waiting=waiting,
        role_name=role_name,
    )


def refused_page(user: User, refusal: Refused) -> Response:
    """The page of an account with the sentence why not."""
    form = RoleForm(held=queries.roles_on(user.id))
    form.refuse(refusal)
    return user_page(user, form=form, status=422)


def user_page(
    user: User,
    form: RoleForm | None = None,
    mail_form: MailForm | None = None,
    status: int = 200,
) -> Response:
    """One account with the history of its roles, and what can be done with it."""
    held = queries.roles_on(user.id)
    return page(
        "settings/show.html",
        status=status,
        user=user,
        form=form or RoleForm(held=held),
        mail_form=mail_form or MailForm(mail=user.mail or ""),
        held=held,
        grants=queries.grants().get(user.id, []),
        waiting=[one for one in roles.waiting() if one.user_id == user.id],
        names={one.id: one.full_name for one in queries.everybody()},
        own=user.id == g.signed_in.user.id,
        role_name=role_name,
    )
