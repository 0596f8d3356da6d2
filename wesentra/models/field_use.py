"""Uses: on which day one field of one contact was of use for the last time."""

from datetime import date

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base
from wesentra.models.personal import not_personal


class FieldUse(Base):
    """The last day, in Finland, on which the log says that a field was used; counted every night.

    The entries themselves go after `log_months`; this stays, and goes with the contact.
    """

    __tablename__ = "field_use"

    contact_id: Mapped[int] = not_personal(
        ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    field: Mapped[str] = not_personal(String(30), primary_key=True)
    last_on: Mapped[date] = not_personal(Date)
