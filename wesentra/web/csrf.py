"""Forms come from our own pages (CSRF): each carries a token derived from the browser's cookie."""

import hmac
import secrets

from flask import Response, abort, current_app, g, request

from wesentra.web.unit_of_work import SAFE

SESSION_COOKIE = "__Host-wesentra"
VISITOR_COOKIE = "__Host-wesentra-visitor"


def token() -> str:
    """The token of this session's forms; it is derived from the cookie, so nothing is stored."""
    return _token_of(_cookie())


def _cookie() -> str:
    cookie = g.get("new_session") or request.cookies.get(SESSION_COOKIE)
    cookie = cookie or request.cookies.get(VISITOR_COOKIE)
    if not cookie:
        cookie = g.setdefault("new_visitor", secrets.token_urlsafe(24))
    return str(cookie)


def _token_of(cookie: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.digest(key, b"csrf:" + cookie.encode(), "sha256").hex()


def begins(session_token: str) -> None:
    """From here on, forms of this answer are those of the session that begins with it."""
    g.new_session = session_token


def check() -> None:
    """Refuse a form that did not stand on a page of ours."""
    if request.method not in SAFE and not is_ours():
        abort(400)


def is_ours() -> bool:
    """Whether the form carries this browser's token."""
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    return not is_foreign() and hmac.compare_digest(given.encode(), token().encode())


def is_foreign() -> bool:
    """Whether the browser says that another site's page has asked, also for a page of ours."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def is_embedded() -> bool:
    """Whether another site's page wants this as a part of itself, and not to lead somebody here.

    It could not read it; but the log would say that whoever visits that page had looked.
    """
    said = request.headers
    led = said.get("Sec-Fetch-Mode") == "navigate" and said.get("Sec-Fetch-Dest") == "document"
    return is_foreign() and "Sec-Fetch-Mode" in said and not led


def is_same_origin() -> bool:
    """Whether the browser says that the form stood on a page of ours; no page can forge that."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def give_visitor_cookie(response: Response) -> Response:
    """The cookie of a visitor who is not signed in and was given a form."""
    if "new_visitor" in g:
        response.set_cookie(
            VISITOR_COOKIE, g.new_visitor, secure=True, httponly=True, samesite="Lax", path="/"
        )
    return response
