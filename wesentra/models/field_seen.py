"""The same of a field of the data dictionary, whoever's it was."""

from datetime import date

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base
from wesentra.models.personal import not_personal


class FieldSeen(Base):
    """The last day, in Finland, on which anybody's `field` ("contact.phone") was used."""

    __tablename__ = "field_seen"

    field: Mapped[str] = not_personal(String(80), primary_key=True)
    last_on: Mapped[date] = not_personal(Date)
