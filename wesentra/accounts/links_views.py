"""The page on which somebody with a link chooses a password, before signing in."""

from flask import Blueprint, Response, current_app

from wesentra.accounts import known_browser, links, passwords
from wesentra.accounts.links_forms import ChosenPasswordForm
from wesentra.models.base import db, writing
from wesentra.refusal import NotFound
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("password_links", __name__, url_prefix="/password")


@blueprint.get("/<key>")
def choose(key: str) -> Response:
    """The form, for as long as the link works."""
    try:
        user = links.holder(key)
    except NotFound:
        return _dead()
    return page("password_links/choose.html", form=ChosenPasswordForm(), user=user)


@blueprint.post("/<key>")
def chosen(key: str) -> Response:
    """Put the password; the link works no more, and whoever was signed in is not."""
    form = ChosenPasswordForm.sent()
    try:
        user = links.holder(key)
        if form.validate():
            with form.refusals():
                _put(key, form.password.data or "", user.name, user.full_name)
                return done("/login", notice="password_chosen")
    except NotFound:
        return _dead()
    return refused("password_links/choose.html", form=form, user=user)


def _put(key: str, password: str, *names: str) -> None:
    """Hashing takes long: the write lock is taken after it, and the link is asked for once more."""
    db.session.rollback()
    company = current_app.extensions["wesentra_settings"].controller_name
    password_hash = passwords.hashed(password, *names, company)
    writing.set(True)
    known_browser.remember(links.use(key, password_hash).name)


def _dead() -> Response:
    return page("password_links/dead.html", status=410)
