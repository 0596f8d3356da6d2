"""Checks: what came of asking a person about one field of their data (Art. 5(1)(d) GDPR)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.texts import mark


class FieldCheck(Base):
    """One field, asked about in one interaction; the value itself is not repeated here."""

    __tablename__ = "field_check"
    __subject__ = "contact_id"
    __table_args__ = (Index("ix_field_check_contact_id_field_at", "contact_id", "field", "at"),)

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    contact_id: Mapped[int] = not_personal(ForeignKey("contact.id", ondelete="CASCADE"))
    interaction_id: Mapped[int | None] = not_personal(
        ForeignKey("interaction.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    field: Mapped[str] = not_personal(String(30))
    outcome: Mapped[str] = personal(
        String(12), category=Category.HISTORY, keep=Keep.INTERACTION, label=mark("Outcome")
    )
    reason: Mapped[str] = personal(
        String(20),
        default="",
        category=Category.HISTORY,
        keep=Keep.INTERACTION,
        label=mark("Reason"),
    )
    at: Mapped[datetime] = not_personal(UtcDateTime, index=True)
