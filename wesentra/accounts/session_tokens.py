"""The tokens of sessions: a cookie of the browser, and a hash in the register."""

import secrets
from hashlib import sha256

from flask import Response

from wesentra.accounts import sealing
from wesentra.web.csrf import SESSION_COOKIE


def new() -> str:
    """A token that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """As it stands in the register, where it opens nothing."""
    return sha256(token.encode()).hexdigest()


def following(token: str) -> str:
    """The token that takes the place of another one. It is always the same, so that a form that
    is sent twice begins one session; who has stolen the other one cannot make it."""
    return sealing.keyed_hash(token, "following token")


def give(response: Response, token: str) -> Response:
    """Let the browser keep a token until it is closed."""
    response.set_cookie(SESSION_COOKIE, token, secure=True, httponly=True, samesite="Lax", path="/")
    return response
