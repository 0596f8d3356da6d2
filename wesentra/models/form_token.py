"""Forms that were sent already, so that sending one twice makes one record."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class FormToken(Base):
    """One sent form: its random token, when it was sent, and the page that it led to."""

    __tablename__ = "form_token"

    token: Mapped[str] = not_personal(String(40), primary_key=True)
    at: Mapped[datetime] = not_personal(UtcDateTime)
    led_to: Mapped[str] = not_personal(String(40), default="")
