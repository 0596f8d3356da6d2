"""Roles that somebody asked for on behalf of a colleague, and that a second person decides on."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class RoleRequest(Base):
    """One role for one user, asked for by one person and given or not by another.

    It waits while `decided_at` is None; `asked_by` is None for the command line, and for the
    sign-in service `issuer` (OpenID Connect), which may take it back: then nobody decided.
    """

    __tablename__ = "role_request"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    user_id: Mapped[int] = not_personal(ForeignKey("user_account.id"), index=True)
    role: Mapped[str] = not_personal(String(20))
    reason: Mapped[str] = not_personal(String(200))
    asked_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = not_personal(UtcDateTime)
    decided_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    given: Mapped[bool | None] = not_personal(Boolean)
    issuer: Mapped[str | None] = not_personal(String(255))
