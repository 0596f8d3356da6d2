"""Roles whose holders need a second factor."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class RequiredFactor(Base):
    """One role that nobody uses without a second factor, since when."""

    __tablename__ = "required_factor"

    role: Mapped[str] = not_personal(String(20), primary_key=True)
    since: Mapped[datetime] = not_personal(UtcDateTime)
