"""The administrator's pages of accounts: who may come in, in which roles, from when to when.

Nothing of a customer stands on them.
"""

from flask import Blueprint, Response, g, request
from werkzeug.datastructures import MultiDict

from wesentra.accounts import actions, passwords, queries
from wesentra.accounts.users_forms import NewUserForm, RoleForm, role_name
from wesentra.models import User, db
from wesentra.models.codes import Role
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark
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
        role_name=role_name,
    )


@blueprint.get("/users/new")
@needs("settings.write", purpose=WHY)
def new() -> Response:
    """The form for a new account."""
    return page("settings/new.html", form=NewUserForm())


@blueprint.post("/users/new")
@needs("settings.write", purpose=WHY)
def create() -> Response:
    """Open an account and show its password, this once."""
    form = NewUserForm.sent()
    if form.validate():
        with form.refusals():
            password, password_hash = _new_password()
            data = form.data
            user = actions.add(data["name"], data["full_name"], password_hash, data["language"])
            for role in data["roles"]:
                actions.grant(user, Role(role))
            return page("settings/password.html", user=user, password=password)
    return refused("settings/new.html", form=form)


@blueprint.get("/users/<int:user_id>")
@needs("settings.read", purpose=WHY)
def show(user_id: int) -> Response:
    """One account with the history of its roles."""
    return _user_page(_user(user_id))


@blueprint.post("/users/<int:user_id>/grant")
@needs("settings.write", purpose=WHY)
def grant(user_id: int) -> Response:
    """Give a role from now on."""
    return _changed(user_id, "grant")


@blueprint.post("/users/<int:user_id>/revoke")
@needs("settings.write", purpose=WHY)
def revoke(user_id: int) -> Response:
    """End a role now."""
    return _changed(user_id, "revoke")


@blueprint.get("/users/<int:user_id>/reset")
@needs("settings.write", purpose=WHY)
def ask_reset(user_id: int) -> Response:
    """Ask before a password is replaced."""
    return page("settings/reset.html", user=_user(user_id))


@blueprint.post("/users/<int:user_id>/reset")
@needs("settings.write", purpose=WHY)
def reset(user_id: int) -> Response:
    """Put a new password and show it, this once."""
    password, password_hash = _new_password()
    user = _user(user_id)
    actions.set_password(user, password_hash)
    return page("settings/password.html", user=user, password=password)


@blueprint.get("/users/<int:user_id>/disable")
@needs("settings.write", purpose=WHY)
def ask_disable(user_id: int) -> Response:
    """Ask before an account is closed."""
    return page("settings/disable.html", user=_user(user_id))


@blueprint.post("/users/<int:user_id>/disable")
@needs("settings.write", purpose=WHY)
def disable(user_id: int) -> Response:
    """Close an account."""
    user = _user(user_id)
    try:
        actions.disable(user)
    except Refused as refusal:
        return _refused(user, refusal)
    return done("/settings/users/", notice="saved")


def _new_password() -> tuple[str, str]:
    """A new password and its hash; hashing takes long, so the write lock is let go first."""
    db.session.rollback()
    password = passwords.made()
    return password, passwords.hashed(password)


def _changed(user_id: int, action: str) -> Response:
    user = _user(user_id)
    try:
        role = _role(request.form.get("role", ""))
        actions.grant(user, role) if action == "grant" else actions.revoke(user, role)
    except Refused as refusal:
        return _refused(user, refusal)
    return done(f"/settings/users/{user_id}", notice="saved")


def _refused(user: User, refusal: Refused) -> Response:
    form = RoleForm(MultiDict(), held=queries.roles_on(user.id))
    form.refuse(refusal)
    return _user_page(user, form, 422)


def _role(key: str) -> Role:
    try:
        return Role(key)
    except ValueError as unknown:
        raise Refused(mark("Choose the role."), field="role") from unknown


def _user(user_id: int) -> User:
    user = queries.by_id(user_id)
    if user is None:
        raise NotFound(mark("There is no such account."))
    return user


def _user_page(user: User, form: RoleForm | None = None, status: int = 200) -> Response:
    held = queries.roles_on(user.id)
    return page(
        "settings/show.html",
        status=status,
        user=user,
        form=form or RoleForm(held=held),
        held=held,
        grants=queries.grants().get(user.id, []),
        names={one.id: one.full_name for one in queries.everybody()},
        own=user.id == g.signed_in.user.id,
        role_name=role_name,
    )
