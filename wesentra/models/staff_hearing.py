"""When and how the staff was heard about the logging, before it began (759/2004, section 21)."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class StaffHearing(Base):
    """One hearing of the staff: its day, its way (a code), and who noted it when."""

    __tablename__ = "staff_hearing"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    held_on: Mapped[date] = not_personal(Date)
    how: Mapped[str] = not_personal(String(20))
    noted_by: Mapped[int] = not_personal(ForeignKey("user_account.id"))
    noted_at: Mapped[datetime] = not_personal(UtcDateTime)
