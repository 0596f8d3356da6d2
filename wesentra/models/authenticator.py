"""Authenticator apps (TOTP, RFC 6238): the secret that a user's telephone shares with us."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class Authenticator(Base):
    """The app of one user. `confirmed_at` is None until its first right code: it counts from then.

    `sealed` is the secret, encrypted under a key that is not in the database; `last_step` is the
    half minute whose code was taken last: neither it nor an earlier one is taken again.
    """

    __tablename__ = "authenticator"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    user_id: Mapped[int] = not_personal(ForeignKey("user_account.id"), unique=True)
    sealed: Mapped[str] = not_personal(String(200))
    last_step: Mapped[int] = not_personal(BigInteger, default=0)
    begun_at: Mapped[datetime] = not_personal(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = not_personal(UtcDateTime)
