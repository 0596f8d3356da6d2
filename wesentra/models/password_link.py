"""Links by which somebody chooses a password before signing in; the table holds only hashes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class PasswordLink(Base):
    """One link for one user, good once and for a day; `made_by` is None for the command line."""

    __tablename__ = "password_link"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    user_id: Mapped[int] = not_personal(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = not_personal(String(64), unique=True)
    made_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = not_personal(UtcDateTime)
    used_at: Mapped[datetime | None] = not_personal(UtcDateTime)
