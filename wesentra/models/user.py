"""Accounts of the people who use the register. They are not data subjects of it in this sense."""

from datetime import datetime

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class User(Base):
    """One person who may sign in; never deleted while the log refers to them."""

    __tablename__ = "user_account"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    name: Mapped[str] = not_personal(String(60), unique=True)
    full_name: Mapped[str] = not_personal(String(120))
    password_hash: Mapped[str] = not_personal(String(200), default="")
    language: Mapped[str] = not_personal(String(2), default="fi")
    theme: Mapped[str] = not_personal(String(5), default="auto")
    keys_on: Mapped[bool] = not_personal(Boolean, default=True)
    mail: Mapped[str | None] = not_personal(String(254))
    """Where links for a password go, if there is a mail server."""
    created_at: Mapped[datetime] = not_personal(UtcDateTime)
    disabled_at: Mapped[datetime | None] = not_personal(UtcDateTime)

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the account may be used at all."""
        return self.disabled_at is None

    def get_id(self) -> str:
        """The id as Flask-Login wants it."""
        return str(self.id)
