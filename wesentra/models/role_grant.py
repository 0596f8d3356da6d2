"""Who held which role from when to when, so that any day's rights can be counted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class RoleGrant(Base):
    """One role of one user in a period; `valid_to` is None while it lasts.

    It says who gave it and why, who confirmed it where a second person has to, and the same of its
    end. The system itself is None. `issuer` is the sign-in service (OpenID Connect) by whose
    word it was given, and which ends it.
    """

    __tablename__ = "role_grant"
    __table_args__ = (Index("ix_role_grant_user_id_valid_to", "user_id", "valid_to"),)

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    user_id: Mapped[int] = not_personal(ForeignKey("user_account.id"))
    role: Mapped[str] = not_personal(String(20))
    valid_from: Mapped[datetime] = not_personal(UtcDateTime)
    valid_to: Mapped[datetime | None] = not_personal(UtcDateTime)
    granted_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    reason: Mapped[str | None] = not_personal(String(200))
    confirmed_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    ended_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    end_reason: Mapped[str | None] = not_personal(String(200))
    issuer: Mapped[str | None] = not_personal(String(255))
