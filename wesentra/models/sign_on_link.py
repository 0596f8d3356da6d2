"""By which identity of the company's sign-in service (OpenID Connect) a user is known here."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class SignOnLink(Base):
    """One identity, by issuer and subject, and whose account it opens.

    A name can be given to somebody else one day, a subject never is (OpenID Connect Core 1.0,
    section 5.7). Of one issuer a user has one identity.
    """

    __tablename__ = "sign_on_link"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("user_id", "issuer"),
    )

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    user_id: Mapped[int] = not_personal(ForeignKey("user_account.id"))
    issuer: Mapped[str] = not_personal(String(255))
    subject: Mapped[str] = not_personal(String(255))
    made_at: Mapped[datetime] = not_personal(UtcDateTime)
    used_at: Mapped[datetime] = not_personal(UtcDateTime)
