"""How lately somebody has shown who they are: asked for before what cannot be taken back."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from wesentra import clock
from wesentra.actor import current
from wesentra.models import UserSession, db

LASTS = timedelta(minutes=10)


def is_fresh(fresh_at: datetime | None) -> bool:
    """Whether that was not longer ago than ten minutes."""
    return fresh_at is not None and clock.now() - fresh_at <= LASTS


def renew(session_id: int, user_id: int) -> None:
    """Note that the user of a session has just shown who they are."""
    db.session.get_one(UserSession, session_id).fresh_at = clock.now()
    current().deed("account", "user", [user_id], ["confirmed"])


def end_others(session_id: int, user_id: int) -> None:
    """Sign a user out everywhere else."""
    others = (UserSession.user_id == user_id, UserSession.id != session_id)
    db.session.execute(delete(UserSession).where(*others))
