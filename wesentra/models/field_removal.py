"""Removals: a field that is taken from everybody of a group who has it unused."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class FieldRemoval(Base):
    """What somebody decided about one field of one group, until it is `done_at`.

    It takes the field from those for whom it was not used after `unused_until`; `removed` says how
    many these were.
    """

    __tablename__ = "field_removal"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    group: Mapped[str] = not_personal(String(30))
    field: Mapped[str] = not_personal(String(30))
    unused_until: Mapped[date] = not_personal(Date)
    asked_at: Mapped[datetime] = not_personal(UtcDateTime)
    asked_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    removed: Mapped[int] = not_personal(Integer, default=0)
    done_at: Mapped[datetime | None] = not_personal(UtcDateTime, index=True)
