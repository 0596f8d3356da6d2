"""Tasks: follow-ups with a day and an owner."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, relationship

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.contact import Contact
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.texts import mark


class Task(Base):
    """Something promised to a contact, due on a day."""

    __tablename__ = "task"
    __subject__ = "contact_id"
    __table_args__ = (Index("ix_task_owner_id_done_at_due_on", "owner_id", "done_at", "due_on"),)

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    contact_id: Mapped[int] = not_personal(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    interaction_id: Mapped[int | None] = not_personal(
        ForeignKey("interaction.id", ondelete="SET NULL"), index=True
    )
    owner_id: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    text: Mapped[str] = personal(
        String(200),
        category=Category.COMMUNICATION,
        keep=Keep.INTERACTION,
        label=mark("Next step"),
    )
    due_on: Mapped[date] = personal(
        Date, category=Category.COMMUNICATION, keep=Keep.INTERACTION, label=mark("Due")
    )
    done_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    created_at: Mapped[datetime] = not_personal(UtcDateTime)

    contact: Mapped[Contact] = relationship(lazy="raise_on_sql")
