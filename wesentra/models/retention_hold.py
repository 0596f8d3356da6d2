"""Holds: named reasons to keep somebody despite the rule (Art. 17(3), 18(2) GDPR)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.texts import mark


class HoldKind(StrEnum):
    """Why somebody is held. `keep` is the owner's own; `asked` waits for an answer."""

    CLAIM = "claim"
    REQUEST = "request"
    BREACH = "breach"
    KEEP = "keep"
    ASKED = "asked"


class RetentionHold(Base):
    """One hold on one contact or company, until it is lifted; its typed reason goes with them.

    Somebody answers for it (`owner_id`), and it is looked at again on `review_on`. A restriction
    holds by itself and needs no row here.
    """

    __tablename__ = "retention_hold"
    __subject__ = "contact_id"
    __page__ = ("company", "company_id")
    __protects__ = True
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    contact_id: Mapped[int | None] = not_personal(
        ForeignKey("contact.id", ondelete="CASCADE"), index=True
    )
    company_id: Mapped[int | None] = not_personal(
        ForeignKey("company.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = not_personal(String(10))
    reason: Mapped[str] = personal(
        String(200), category=Category.NOTE, keep=Keep.CONTACT, label=mark("Reason for the hold")
    )
    owner_id: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    review_on: Mapped[date] = not_personal(Date, index=True)
    placed_at: Mapped[datetime] = not_personal(UtcDateTime)
    placed_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    lifted_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
