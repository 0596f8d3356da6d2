"""What each purpose may see: for the privacy contact to look at and to change."""

from typing import Any

from flask import Blueprint, Response, request

from wesentra.accounts import purposes
from wesentra.actor import current
from wesentra.models import Purpose
from wesentra.models.codes import Group
from wesentra.refusal import Refused
from wesentra.sight import ALWAYS, CATEGORY_NAMES
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page

blueprint = Blueprint("purposes", __name__, url_prefix="/settings/purposes")
WHY = "maintenance"


@blueprint.get("/")
@needs("purposes.read", purpose=WHY)
def index() -> Response:
    """Every purpose that is chosen by hand, with whom and what it shows."""
    return page("purposes/index.html", rows=purposes.by_hand(), **_names())


@blueprint.get("/<key>")
@needs("purposes.write", purpose=WHY, fresh=True)
def edit(key: str) -> Response:
    """The form of one purpose."""
    row = purposes.named(key)
    return _form(row, row.groups, row.categories)


@blueprint.post("/<key>")
@needs("purposes.write", purpose=WHY, fresh=True)
def change(key: str) -> Response:
    """Say whom and what a purpose shows; others see it with their next page."""
    row = purposes.named(key)
    groups, categories = request.form.getlist("groups"), request.form.getlist("categories")
    try:
        changed = purposes.show(row, groups, categories)
    except Refused as refusal:
        return _form(row, groups, categories, 422, refusal)
    if changed:
        current().deed("sight", "purpose", [row.position], changed)
    return done("/settings/purposes/", notice="saved")


def _form(
    row: Purpose,
    groups: list[str],
    categories: list[str],
    status: int = 200,
    refusal: Refused | None = None,
) -> Response:
    ticked = {*groups, *categories, *ALWAYS}
    values: dict[str, Any] = {"row": row, "ticked": ticked, "refusal": refusal, **_names()}
    return page("purposes/edit.html", status=status, **values)


def _names() -> dict[str, Any]:
    return {"all_groups": [group.value for group in Group], "all_categories": CATEGORY_NAMES}
