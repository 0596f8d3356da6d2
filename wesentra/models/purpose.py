"""Purposes of processing, as the record of processing (Art. 30 GDPR) lists them."""

from sqlalchemy import JSON, Boolean, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base
from wesentra.models.personal import not_personal


class Purpose(Base):
    """Why data are being handled; every look and every change carries one key.

    `groups` and `categories` say whom and what one sees under it, as codes (`wesentra.sight`).
    """

    __tablename__ = "purpose"

    key: Mapped[str] = not_personal(String(40), primary_key=True)
    name_fi: Mapped[str] = not_personal(String(80))
    name_sv: Mapped[str] = not_personal(String(80))
    name_en: Mapped[str] = not_personal(String(80))
    legal_basis: Mapped[str] = not_personal(String(40))
    by_hand: Mapped[bool] = not_personal(Boolean)
    position: Mapped[int] = not_personal(Integer)
    groups: Mapped[list[str]] = not_personal(JSON)
    categories: Mapped[list[str]] = not_personal(JSON)

    def name(self, language: str) -> str:
        """The name in one of the three languages."""
        return {"fi": self.name_fi, "sv": self.name_sv}.get(language, self.name_en)
