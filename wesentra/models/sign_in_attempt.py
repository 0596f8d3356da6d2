"""Failed sign-ins, so that guessing is slowed down across restarts and servers."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class SignInAttempt(Base):
    """One wrong password: a keyed hash of the name that was tried, and the address."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    name_hash: Mapped[str] = not_personal(String(64), index=True)
    source: Mapped[str] = not_personal(String(60), index=True)
    at: Mapped[datetime] = not_personal(UtcDateTime)
