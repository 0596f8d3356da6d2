"""Sessions kept on the server: the cookie holds only a random token, the table only its hash."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class UserSession(Base):
    """One signed-in browser, with the purpose its user is working for right now.

    `opened_at` is when its user last opened somebody whose processing is restricted: only then,
    and for a while, there is anything to ask about such people. `browser` is its family and system
    and `source` its address, as far as they were known at the sign-in. `fresh_at` is when its user
    last showed by password or code who they are. `secured_elsewhere` says that the sign-in
    service asked for a second factor, and that this counts here.
    """

    __tablename__ = "user_session"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    token_hash: Mapped[str] = not_personal(String(64), unique=True)
    user_id: Mapped[int] = not_personal(ForeignKey("user_account.id"), index=True)
    purpose: Mapped[str] = not_personal(String(40))
    created_at: Mapped[datetime] = not_personal(UtcDateTime)
    seen_at: Mapped[datetime] = not_personal(UtcDateTime)
    opened_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    browser: Mapped[str | None] = not_personal(String(40))
    source: Mapped[str | None] = not_personal(String(60))
    fresh_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    secured_elsewhere: Mapped[bool | None] = not_personal(Boolean)
