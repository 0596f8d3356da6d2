"""How lately somebody has shown who they are: asked for before what cannot be taken back."""

from datetime import datetime, timedelta

from sqlalchemy import update

from wesentra import clock
from wesentra.actor import current
from wesentra.models import UserSession, db

LASTS = timedelta(minutes=10)


def is_fresh(fresh_at: datetime | None) -> bool:
    """Whether that was not longer ago than ten minutes."""
    return fresh_at is not None and clock.now() - fresh_at <= LASTS


def renew(session_id: int, user_id: int) -> None:
    """Note that the user of a session has just shown who they are; of one that was ended in
    another window meanwhile nothing is left to note."""
    own = update(UserSession).where(UserSession.id == session_id).values(fresh_at=clock.now())
    db.session.execute(own.execution_options(synchronize_session=False))
    current().deed("account", "user", [user_id], ["confirmed"])
