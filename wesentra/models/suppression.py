"""Who objected to marketing and was erased: as much as is needed not to forget the objection."""

from datetime import datetime

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class Suppression(Base):
    """A mail address or a telephone number whose owner objected to marketing (Art. 21(3) GDPR).

    `digest` is an HMAC-SHA256 under a key of the instance folder: nobody is found by it but who
    brings the same address again. What it leads to is nothing, so it belongs to no subject here.
    """

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    digest: Mapped[str] = not_personal(String(64))
    since: Mapped[datetime] = not_personal(UtcDateTime)
