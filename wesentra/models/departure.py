"""The waiting room: who was deleted by hand and can still be brought back."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class Departure(Base):
    """A contact or company (`kind`, `number`) that is there for nobody; erased after `until`.

    `with_contact` is the person with whom a sole trader's company went: it comes back with them.
    """

    __tablename__ = "departure"
    __table_args__ = (UniqueConstraint("kind", "number"),)

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    kind: Mapped[str] = not_personal(String(8))
    number: Mapped[int] = not_personal(Integer)
    with_contact: Mapped[int | None] = not_personal(Integer)
    since: Mapped[datetime] = not_personal(UtcDateTime)
    until: Mapped[datetime] = not_personal(UtcDateTime, index=True)
    sent_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
