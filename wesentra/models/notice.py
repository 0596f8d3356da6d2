"""What a contact has been told of our processing (Arts. 13, 14 and 21(4) GDPR)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.texts import mark


class Notice(Base):
    """One time a contact was told where their data came from and that they may object."""

    __tablename__ = "notice"
    __subject__ = "contact_id"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    contact_id: Mapped[int] = not_personal(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    interaction_id: Mapped[int | None] = not_personal(
        ForeignKey("interaction.id", ondelete="SET NULL"), index=True
    )
    user_id: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    how: Mapped[str] = personal(
        String(20), category=Category.HISTORY, keep=Keep.CONTACT, label=mark("How it was told")
    )
    at: Mapped[datetime] = personal(
        UtcDateTime, category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Told on")
    )
