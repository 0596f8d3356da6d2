"""Giving and ending roles, and what waits for a second person."""

from collections.abc import Callable

from flask import Blueprint, Response, g, render_template, request
from flask_babel import gettext as _

from wesentra.accounts import queries, roles
from wesentra.accounts.users_forms import EndRoleForm, RoleForm, role_name
from wesentra.accounts.users_views import user_page
from wesentra.models import User
from wesentra.models.codes import Role
from wesentra.refusal import Refused
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page

blueprint = Blueprint("roles", __name__, url_prefix="/settings")
WHY = "maintenance"


@blueprint.get("/roles/")
@needs("roles.read", shows="list", purpose=WHY)
def index() -> Response:
    """What waits for a second person."""
    return _index()


@blueprint.post("/roles/<int:asked_id>/confirm")
@needs("roles.write", purpose=WHY, fresh=True)
def confirm(asked_id: int) -> Response:
    """Give what a colleague asked for."""
    return _decided(lambda: roles.confirm(asked_id))


@blueprint.post("/roles/<int:asked_id>/refuse")
@needs("roles.write", purpose=WHY, fresh=True)
def refuse(asked_id: int) -> Response:
    """Do not give it, or take back what one asked for oneself."""
    return _decided(lambda: roles.refuse(asked_id))


@blueprint.post("/users/<int:user_id>/grant")
@needs("settings.write", purpose=WHY, fresh=True)
def grant(user_id: int) -> Response:
    """Give a role from now on, or ask a second person to."""
    user = queries.get(user_id)
    form = RoleForm.sent(held=queries.roles_on(user.id))
    if form.validate():
        with form.refusals():
            waits = roles.give(user, [Role(form.role.data)], form.reason.data or "")
            return done(f"/settings/users/{user_id}", notice="role_asked" if waits else "saved")
    return user_page(user, form, status=422)


@blueprint.get("/users/<int:user_id>/revoke")
@needs("settings.write", purpose=WHY, fresh=True)
def ask_revoke(user_id: int) -> Response:
    """Ask which role ends, and why."""
    user = queries.get(user_id)
    form = EndRoleForm(request.args, held=queries.roles_on(user.id))
    return _end_page(user, form)


@blueprint.post("/users/<int:user_id>/revoke")
@needs("settings.write", purpose=WHY, fresh=True)
def revoke(user_id: int) -> Response:
    """End a role now."""
    user = queries.get(user_id)
    form = EndRoleForm.sent(held=queries.roles_on(user.id))
    if form.validate():
        with form.refusals():
            roles.end(user, Role(form.role.data), form.reason.data or "")
            return done(f"/settings/users/{user_id}", notice="saved")
    return _end_page(user, form, 422)


def _end_page(user: User, form: EndRoleForm, status: int = 200) -> Response:
    return page(
        "roles/end.html",
        status=status,
        user=user,
        form=form,
        by_service=roles.by_service(user),
        role_name=role_name,
    )


def day_panel() -> str:
    """For *my day*: that a role waits for one's word. Nothing when none does."""
    own = g.signed_in.user.id
    count = sum(roles.may_decide(one, own) for one in roles.waiting())
    return render_template("roles/_mine.html", count=count) if count else ""


def _decided(decide: Callable[[], None]) -> Response:
    try:
        decide()
    except Refused as refusal:
        return _index(_(refusal.sentence, **refusal.values), 422)
    return done("/settings/roles/", notice="saved")


def _index(sentence: str = "", status: int = 200) -> Response:
    own = g.signed_in.user.id
    rows = [(one, roles.may_decide(one, own), own == one.asked_by) for one in roles.waiting()]
    return page(
        "roles/index.html",
        status=status,
        rows=rows,
        sentence=sentence,
        alone=[one.id for one, _may, _own in rows if not roles.can_be_confirmed(one)],
        names={one.id: one.full_name for one in queries.everybody()},
        role_name=role_name,
    )
