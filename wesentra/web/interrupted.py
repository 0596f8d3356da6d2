"""A form that came when its session had ended: what was typed goes along through the sign-in.

It stays in the browser all the way, as hidden fields: nothing of it is stored here.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import current_app, request
from werkzeug.exceptions import HTTPException

LARGEST = 64 * 1024
"""Bytes of a form that goes along; what is larger, or has a file, has to be sent anew."""

PLAIN = "application/x-www-form-urlencoded"
NOT_CARRIED = (
    "accounts",
    "log_notice",
    "password_links",
    "sessions",
    "confirm",
    "second_factor",
    "second_step",
    "passkeys",
    "passkey_sign_in",
    "sso",
    "sso_confirm",
)
"""Blueprints whose forms are about the session itself, or hold a password or a code."""

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Interrupted:
    """A form that was not taken: the address it was sent to, and its fields without the token."""

    to: str
    fields: Fields

    @property
    def packed(self) -> str:
        """The fields as the one hidden field `typed` of the sign-in form."""
        return urlencode(self.fields)


def may_go_along() -> bool:
    """Whether the request has a form of the kind and size that goes along; reads nothing of it."""
    large = (request.content_length or 0) > LARGEST
    return request.method == "POST" and request.mimetype == PLAIN and not large


def of_request() -> Interrupted | None:
    """The form of this request; None for what cannot go along."""
    if not may_go_along():
        return None
    to = request.full_path if request.query_string else request.path
    return _checked(to, tuple(request.form.items(multi=True)))


def of_sign_in() -> Interrupted | None:
    """The form that the sign-in form carries; None for one that this program would not send.

    It may have no fields: a button that deletes.
    """
    to, typed = request.form.get("to", ""), request.form.get("typed", "")
    if not to or len(typed) > LARGEST:
        return None
    return _checked(to, tuple(parse_qsl(typed, keep_blank_values=True)))


def _checked(to: str, fields: Fields) -> Interrupted | None:
    if not _takes_forms(to) or any("password" in name.lower() for name, _value in fields):
        return None
    return Interrupted(to, tuple(field for field in fields if field[0] != "csrf_token"))


def asks_who(form: Interrupted) -> bool:
    """Whether it is for what one shows anew who one is: a deletion, somebody's account."""
    view = _view_of(form.to)
    return view is not None and view.need.fresh


def _takes_forms(to: str) -> bool:
    """Whether an address is one of this program that takes a form from somebody signed in."""
    return _view_of(to) is not None


def _view_of(to: str) -> Any:
    """The view that takes such a form; None where there is none."""
    map_ = current_app.create_url_adapter(request)
    ours = to.startswith("/") and not to.startswith("//") and to.isprintable()
    if map_ is None or not ours:
        return None
    try:
        endpoint, _values = map_.match(to.partition("?")[0], "POST")
    except HTTPException:
        return None
    view = current_app.view_functions[endpoint]
    closed = hasattr(view, "need") and endpoint.partition(".")[0] not in NOT_CARRIED
    return view if closed else None
