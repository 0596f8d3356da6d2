"""Openings of contacts whose processing is restricted, each with its typed reason."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.texts import mark


class Opening(Base):
    """One time a user opened a restricted contact. The reason may name the person: it stands here
    alone and goes with them, while the entries of the log keep the number.
    """

    __tablename__ = "opening"
    __subject__ = "contact_id"
    __protects__ = True
    __table_args__ = (
        Index("ix_opening_user_id_at", "user_id", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    contact_id: Mapped[int] = not_personal(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    reason: Mapped[str] = personal(
        String(200), category=Category.NOTE, keep=Keep.CONTACT, label=mark("Reason for opening")
    )
    at: Mapped[datetime] = personal(
        UtcDateTime, category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Time")
    )
