"""One's own open sessions: where one is signed in, and to be signed out there."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from wesentra import clock
from wesentra.accounts import sessions
from wesentra.accounts.freshness import STILL
from wesentra.actor import current
from wesentra.models import UserSession, db


def open_of(user_id: int) -> Sequence[UserSession]:
    """Every session of a user that would still be let in, the last seen first; not those whose
    place another one has taken (`freshness.renew`)."""
    now = clock.now()
    query = select(UserSession).where(
        UserSession.user_id == user_id,
        UserSession.seen_at >= now - timedelta(minutes=sessions.limits().idle_minutes),
        UserSession.created_at > now + STILL - timedelta(hours=sessions.limits().hours),
    )
    return db.session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id)).all()


def end_one(user_id: int, session_id: int) -> None:
    """Close one session of this user; one that is over already, or another's, changes nothing."""
    own = (UserSession.id == session_id, UserSession.user_id == user_id)
    if db.session.scalar(select(UserSession.id).where(*own)) is not None:
        db.session.execute(delete(UserSession).where(*own))
        current().deed("sign_out", "user", [user_id], ["elsewhere"])


def end_others(user_id: int, kept: int) -> None:
    """Close every session of a user but the one that asks for it."""
    others = (UserSession.user_id == user_id, UserSession.id != kept)
    if db.session.scalar(select(UserSession.id).where(*others).limit(1)) is not None:
        db.session.execute(delete(UserSession).where(*others))
        current().deed("sign_out", "user", [user_id], ["everywhere_else"])
