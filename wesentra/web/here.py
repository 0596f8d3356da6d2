"""The address of this page, to come back to after what has to come first."""

from urllib.parse import urlencode

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from wesentra.web import ids
from wesentra.web.unit_of_work import SAFE


def leading_on(url: str) -> str:
    """`url` with the address that was asked for as `next`; the start page needs no telling."""
    asked = request.full_path if request.query_string else request.path
    wanted = asked if request.method in SAFE else here()
    return f"{url}?{urlencode({'next': wanted})}" if wanted != "/" else url


def here() -> str:
    """The address of this page, to come back to; without a name or a number that was typed."""
    if request.method not in SAFE:
        return _before_sending()
    typed = request.args.keys() & {"q", "number"}
    return request.path if typed or not request.query_string else request.full_path


def _before_sending() -> str:
    """The nearest address that can be opened, at or above the one that a form was sent to; the
    page of something new about a contact needs their number."""
    map_ = current_app.create_url_adapter(request)
    path = request.path
    while map_ is not None and not map_.test(path, "GET"):
        path = path.rpartition("/")[0] or "/"
    try:
        contact = ids.chosen(request.form.get("contact", "")) if path == request.path else None
    except HTTPException:  # larger than what is taken in
        contact = None
    return f"{path}?contact={contact}" if contact else path
