"""Tries of signing in, so that guessing is slowed down across restarts and servers."""

from datetime import datetime

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class SignInAttempt(Base):
    """One try that was wrong, or is being verified: the lane that it is counted in, the address.

    A lane is a keyed hash of the name that was tried and of where from (`accounts.throttle`); one
    without a name has no address beside it.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_lane_at", "lane", "at"),
        Index("ix_sign_in_attempt_source_at", "source", "at"),
    )

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    lane: Mapped[str] = not_personal(String(64))
    source: Mapped[str] = not_personal(String(60))
    at: Mapped[datetime] = not_personal(UtcDateTime, index=True)
