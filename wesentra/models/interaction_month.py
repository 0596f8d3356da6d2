"""What is left of interactions whose time is over: how many there were, of nobody."""

from datetime import date

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base
from wesentra.models.personal import not_personal


class InteractionMonth(Base):
    """The number of interactions of a month (its first day, in Finland) that lost their people."""

    __tablename__ = "interaction_month"

    month: Mapped[date] = not_personal(Date, primary_key=True)
    channel: Mapped[str] = not_personal(String(12), primary_key=True)
    direction: Mapped[str] = not_personal(String(4), primary_key=True)
    purpose: Mapped[str] = not_personal(String(40), primary_key=True)
    number: Mapped[int] = not_personal(Integer)
