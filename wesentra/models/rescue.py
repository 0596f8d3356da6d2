"""A colleague's way in that somebody in charge opened: who opened which of the two, and when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class Rescue(Base):
    """`way` is `link`, a link for a password, or `factor`, a second factor taken away."""

    __tablename__ = "rescue"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    user_id: Mapped[int] = not_personal(ForeignKey("user_account.id"), index=True)
    way: Mapped[str] = not_personal(String(10))
    opened_by: Mapped[int] = not_personal(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime] = not_personal(UtcDateTime)
