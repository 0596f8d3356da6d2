"""Codes on paper for whoever has lost the telephone; each lets in once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class RecoveryCode(Base):
    """One code, as a keyed hash; `used_at` is None while it can be used."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    user_id: Mapped[int] = not_personal(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str] = not_personal(String(64))
    used_at: Mapped[datetime | None] = not_personal(UtcDateTime)
