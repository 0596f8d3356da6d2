"""The administrator's pages of second factors: which roles need one, and a lost one taken away."""

from flask import Blueprint, Response, g, render_template

from wesentra.accounts import queries, required_factors, second_factor
from wesentra.accounts.second_factor_forms import RequiredForm
from wesentra.models import User
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("required_factors", __name__, url_prefix="/settings")
WHY = "maintenance"


@blueprint.get("/second-factors/")
@needs("settings.write", purpose=WHY, fresh=True)
def index() -> Response:
    """The roles, and which of them need a second factor."""
    form = RequiredForm(data={"roles": required_factors.roles()})
    return page("required_factors/index.html", form=form)


@blueprint.post("/second-factors/")
@needs("settings.write", purpose=WHY, fresh=True)
def change() -> Response:
    """Say which roles need one from now on."""
    form = RequiredForm.sent()
    if not form.validate():
        return refused("required_factors/index.html", form=form)
    required_factors.demand_of(form.roles.data or [])
    return done("/settings/users/", notice="saved")


@blueprint.get("/users/<int:user_id>/second-factor/reset")
@needs("settings.write", purpose=WHY, fresh=True)
def ask_reset(user_id: int) -> Response:
    """Ask before a lost factor is taken away."""
    return page("required_factors/reset.html", user=queries.get(user_id))


@blueprint.post("/users/<int:user_id>/second-factor/reset")
@needs("settings.write", purpose=WHY, fresh=True)
def reset(user_id: int) -> Response:
    """Take a colleague's lost factor away; their sessions end."""
    second_factor.take_from(queries.get(user_id))
    return done(f"/settings/users/{user_id}", notice="second_factor_removed")


def user_panel(user: User) -> str:
    """For a user's page: whether there is a second factor, and the way to take a lost one away."""
    return render_template(
        "required_factors/_of_user.html",
        user=user,
        app=second_factor.of(user),
        own=user.id == g.signed_in.user.id,
    )
