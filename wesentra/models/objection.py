"""Objections of contacts to a kind of processing (Art. 21 GDPR)."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.texts import mark


class Objection(Base):
    """One objection, until it is withdrawn; while it stands, the person is not there under the
    purpose that it is about (Art. 21(3)).

    It protects the person, so that no purpose hides it.
    """

    __tablename__ = "objection"
    __subject__ = "contact_id"
    __protects__ = True

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    contact_id: Mapped[int] = not_personal(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = personal(
        String(20), category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Objection to")
    )
    said_on: Mapped[date] = personal(
        Date, category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Said on")
    )
    channel: Mapped[str] = personal(
        String(12), category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Channel")
    )
    noted_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    noted_at: Mapped[datetime] = not_personal(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = personal(
        UtcDateTime, category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Withdrawn")
    )
    withdrawn_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
