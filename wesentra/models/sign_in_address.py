"""Addresses from which somebody came in before: guesses from elsewhere do not slow them down."""

from datetime import datetime

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class SignInAddress(Base):
    """One address that one user signed in from: a keyed hash of the name, and when it was last."""

    __tablename__ = "sign_in_address"
    __table_args__ = (UniqueConstraint("name_hash", "source"),)

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    name_hash: Mapped[str] = not_personal(String(64))
    source: Mapped[str] = not_personal(String(60))
    at: Mapped[datetime] = not_personal(UtcDateTime, index=True)
