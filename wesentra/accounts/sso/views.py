"""Coming in by the company's sign-in service."""

from collections.abc import Callable

from flask import Blueprint, Response, g, render_template, request

from wesentra.accounts import queries, second_factor, second_step_views, throttle
from wesentra.accounts.coming_in import let_in, own_path
from wesentra.accounts.forms import SignInForm
from wesentra.accounts.sso import going, people, setup
from wesentra.accounts.sso.claims import Identity
from wesentra.accounts.sso.failing import NotSignedOn
from wesentra.actor import current
from wesentra.models import User
from wesentra.models.base import db, writing
from wesentra.refusal import Refused
from wesentra.web import interrupted
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("sso", __name__)


@blueprint.get("/login/sso/")
def begin() -> Response:
    """Lead to the provider."""
    setup.provider()
    return done("/") if g.signed_in is not None else _going(going.there)


@blueprint.post("/login/sso/")
def begin_with_form() -> Response:
    """The way there for who has typed something that goes along."""
    setup.provider()
    return _going(going.there_with_form)


@blueprint.get("/login/sso/back")
def back() -> Response:
    """Where the provider leads back to: a page that goes on by itself, or by its button."""
    setup.provider()
    return page("sso/back.html", **going.came_with())


@blueprint.post("/login/sso/back")
def came_back() -> Response:
    """Look at what the provider says, and let in."""
    setup.provider()
    try:
        found = going.identity()
        db.session.rollback()
        writing.set(True)
        user = people.known(found, setup.settings())
    except NotSignedOn as no:
        return _failed(no)
    return _let_in(user, found)


def _let_in(user: User, found: Identity) -> Response:
    """In, or to the code of one's own where the provider asked for no second factor that counts."""
    how = ("sso", "sso_factor") if found.second_factor else ("sso",)
    if second_factor.is_asked_of(user) and not found.second_factor:
        return second_step_views.ask(user, how=how)
    throttle.passed(user.name, current().source)
    return let_in(user, own_path(request.form.get("next", "/")), *how)


def _failed(no: NotSignedOn) -> Response:
    db.session.rollback()
    writing.set(True)
    going.told(no)
    current().event("sign_in_failed", "user", [], ["sso"], outcome="denied")
    if g.signed_in is not None:  # sent twice: the first one let in
        return done(own_path(request.form.get("next", "/")))
    return _sign_in_page(no)


def _going(lead: Callable[[], Response]) -> Response:
    try:
        return lead()
    except Refused as no:
        if isinstance(no, NotSignedOn):
            going.told(no)
        return _sign_in_page(no)


def _sign_in_page(no: Refused) -> Response:
    """The page of the sign-in with the sentence why not; a password is still good there."""
    form = SignInForm()
    form.refuse(no)
    return refused(
        "accounts/sign_in.html",
        form=form,
        next=own_path(request.values.get("next", "/")),
        interrupted=interrupted.of_sign_in(),
    )


@blueprint.post("/settings/users/<int:user_id>/sso/remove")
@needs("settings.write", purpose="maintenance", fresh=True)
def remove(user_id: int) -> Response:
    """Forget by which identity a user is known."""
    people.untie(queries.get(user_id), setup.settings().sso_issuer)
    return done(f"/settings/users/{user_id}", notice="saved")


def user_panel(user: User) -> str:
    """For a user's page: since when they are known by single sign-on, and the way to forget it."""
    if not setup.is_offered():
        return ""
    link = people.link_of(user.id, setup.settings().sso_issuer)
    return render_template("sso/_of_user.html", user=user, link=link)
