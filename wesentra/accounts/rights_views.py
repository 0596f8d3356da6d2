"""The page of who may what: the table that decides, in words, for those who answer for it."""

from flask import Blueprint, Response
from flask_babel import gettext as _

from wesentra.accounts import rights
from wesentra.accounts.users_forms import role_name
from wesentra.web.guard import needs
from wesentra.web.htmx import page

blueprint = Blueprint("rights", __name__, url_prefix="/settings/rights")


@blueprint.get("/")
@needs("rights.read", purpose="maintenance")
def index() -> Response:
    """Every permission, its kind and its roles."""
    return page("rights/index.html", areas=rights.areas(), columns=_columns())


def _columns() -> dict[str, str]:
    """The roles with their names; the last is the program itself."""
    named = (key for key in rights.COLUMNS if key != rights.SYSTEM)
    return {**{key: role_name(key) for key in named}, rights.SYSTEM: str(_("the program"))}
