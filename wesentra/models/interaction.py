"""Interactions: the times we were in contact with somebody."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, relationship

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.contact import Contact
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.models.user import User
from wesentra.texts import mark


class Interaction(Base):
    """One call, mail, meeting or message with one contact."""

    __tablename__ = "interaction"
    __subject__ = "contact_id"
    __table_args__ = (
        Index("ix_interaction_contact_id_at", "contact_id", "at"),
        Index("ix_interaction_user_id_at", "user_id", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    contact_id: Mapped[int] = not_personal(ForeignKey("contact.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    at: Mapped[datetime] = personal(
        UtcDateTime, category=Category.COMMUNICATION, keep=Keep.INTERACTION, label=mark("Time")
    )
    channel: Mapped[str] = personal(
        String(12), category=Category.COMMUNICATION, keep=Keep.INTERACTION, label=mark("Channel")
    )
    direction: Mapped[str] = personal(
        String(4), category=Category.COMMUNICATION, keep=Keep.INTERACTION, label=mark("Direction")
    )
    purpose: Mapped[str] = personal(
        String(40), category=Category.COMMUNICATION, keep=Keep.INTERACTION, label=mark("Purpose")
    )
    summary: Mapped[str] = personal(
        String(1000),
        default="",
        category=Category.NOTE,
        keep=Keep.INTERACTION,
        label=mark("Summary"),
    )
    token: Mapped[str | None] = not_personal(String(40), unique=True)

    contact: Mapped[Contact] = relationship(lazy="raise_on_sql")
    user: Mapped[User | None] = relationship(lazy="raise_on_sql")
