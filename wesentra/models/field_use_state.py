"""How far the uses of fields are counted."""

from datetime import date, datetime

from sqlalchemy import Date, Integer
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class FieldUseState(Base):
    """One row: `counted` is the last entry of the log that is counted, at `counted_at`.

    `known_since` is the day from which uses are known without a gap: of what was before nobody can
    say that it was not used.
    """

    __tablename__ = "field_use_state"

    id: Mapped[int] = not_personal(Integer, primary_key=True, autoincrement=False)
    counted: Mapped[int] = not_personal(Integer)
    counted_at: Mapped[datetime] = not_personal(UtcDateTime)
    known_since: Mapped[date] = not_personal(Date)
