"""How lately somebody has shown who they are: asked for before what cannot be taken back."""

from datetime import datetime, timedelta

from flask import after_this_request, current_app, request
from sqlalchemy import select

from wesentra import clock
from wesentra.accounts import session_tokens
from wesentra.actor import current
from wesentra.models import UserSession, db
from wesentra.web import csrf

LASTS = timedelta(minutes=10)
STILL = timedelta(seconds=30)
"""How long the token before is taken: a double click and other tabs come with it."""


def is_fresh(fresh_at: datetime | None) -> bool:
    """Whether that was not longer ago than ten minutes."""
    return fresh_at is not None and clock.now() - fresh_at <= LASTS


def renew(session_id: int, user_id: int) -> None:
    """Note that the user of a session has just shown who they are.

    A session with another token takes its place, which lasts no longer than it would have: a token
    that was stolen before opens nothing more, and in half a minute nothing at all. Of one that was
    ended in another window meanwhile nothing is left to note.
    """
    own = select(UserSession).where(UserSession.id == session_id).with_for_update()
    before = db.session.scalars(own.execution_options(populate_existing=True)).one_or_none()
    if before is None:
        return
    token = session_tokens.following(request.cookies.get(csrf.SESSION_COOKIE, ""))
    is_there = UserSession.token_hash == session_tokens.hashed(token)
    if db.session.scalar(select(UserSession.id).where(is_there)) is None:
        _succeed(before, token)
    csrf.begins(token)
    after_this_request(lambda response: session_tokens.give(response, token))
    current().deed("account", "user", [user_id], ["confirmed"])


def _succeed(before: UserSession, token: str) -> None:
    now = clock.now()
    columns = UserSession.__mapper__.columns.keys()
    kept = {name: getattr(before, name) for name in columns if name not in ("id", "token_hash")}
    own = {"token_hash": session_tokens.hashed(token), "seen_at": now, "fresh_at": now}
    db.session.add(UserSession(**{**kept, **own}))
    longest = timedelta(hours=current_app.extensions["wesentra_settings"].session_hours)
    before.created_at = min(before.created_at, now + STILL - longest)
