"""Personal data breaches, each documented whether it was notified or not (Art. 33(5) GDPR)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class BreachStatus(StrEnum):
    """A draft waits for somebody to look at it; what is closed never changes."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Breach(Base):
    """One breach: what happened, its effects and the remedy, and whom we told.

    Its texts are about events and not about people: the fields say that they name nobody. `people`
    and `records` are approximate numbers (Art. 33(3)(a)), None while they are not known.
    """

    __tablename__ = "breach"
    __table_args__ = (UniqueConstraint("item_id"),)

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    status: Mapped[str] = not_personal(String(8))
    item_id: Mapped[int | None] = not_personal(ForeignKey("log_review_item.id"))
    aware_at: Mapped[datetime] = not_personal(UtcDateTime)
    detected_by: Mapped[str] = not_personal(String(20))
    nature: Mapped[str] = not_personal(String(20), default="")
    facts: Mapped[str] = not_personal(Text, default="")
    effects: Mapped[str] = not_personal(Text, default="")
    measures: Mapped[str] = not_personal(Text, default="")
    people: Mapped[int | None] = not_personal(Integer)
    records: Mapped[int | None] = not_personal(Integer)
    notified_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    late_reason: Mapped[str] = not_personal(Text, default="")
    not_notified_reason: Mapped[str] = not_personal(Text, default="")
    told_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    not_told_reason: Mapped[str] = not_personal(Text, default="")
    version: Mapped[int] = not_personal(Integer)
    created_at: Mapped[datetime] = not_personal(UtcDateTime)
    created_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    closed_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))

    __mapper_args__ = {"version_id_col": version}
