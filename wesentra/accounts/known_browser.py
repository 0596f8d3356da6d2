"""Browsers in which somebody signed in before, known by a cookie that nobody else can make.

The cookie tells no name: a number of its own, and for each of the last names that came in here a
keyed hash of number and name. Nothing of it is stored, so that it holds over restarts and on every
server, and it opens nothing: with it, guesses are counted apart (`accounts.throttle`).
"""

import hmac
import secrets
from hashlib import sha256

from flask import Response, after_this_request, current_app, has_request_context, request

COOKIE = "__Host-wesentra-known"
LASTS = 180 * 24 * 3600
"""Seconds that a browser is known after the last sign-in."""
NAMES = 10
"""So many names are known of one browser: of five people who share it, with their codes, which are
counted under a name of their own (`second_factor`)."""
LONGEST = 600


def keyed(text: str) -> str:
    """A hash of `text` by this installation's secret."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"throttle:" + text.encode(), sha256).hexdigest()


def of(name: str) -> str | None:
    """The number of this browser if `name` has signed in with it before; else None."""
    number, users = _cookie()
    known = [hmac.compare_digest(user, _user(number, name)) for user in users]
    return number if any(known) else None


def remember(name: str) -> None:
    """Let this browser be known for `name` from now on; outside of a request nothing happens."""
    if not has_request_context():
        return
    number, users = _cookie()
    own = _user(number, name)
    value = ".".join([number, own, *[user for user in users if user != own][: NAMES - 1]])

    @after_this_request
    def give(response: Response) -> Response:
        said = {"secure": True, "httponly": True, "samesite": "Lax", "path": "/"}
        response.set_cookie(COOKIE, value, max_age=LASTS, **said)  # type: ignore[arg-type]
        return response


def _cookie() -> tuple[str, list[str]]:
    """The number of this browser, a new one if it has none, and the hashes that it carries."""
    value = request.cookies.get(COOKIE, "") if has_request_context() else ""
    number, *users = value[:LONGEST].split(".")
    if not users or not value.isascii():
        return secrets.token_urlsafe(16), []
    return number, users[:NAMES]


def _user(number: str, name: str) -> str:
    return keyed(f"known:{number}:{name.strip().lower()}")[:32]
