"""Restrictions of processing (Art. 18 GDPR)."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.texts import mark


class Restriction(Base):
    """A time in which a contact's data are only stored; who opens them says why (`Opening`).

    `ground` is the point of Art. 18(1); `told_on` the day on which the person was told before the
    restriction was lifted (Art. 18(3)). It protects the person, so that no purpose hides it.
    """

    __tablename__ = "restriction"
    __subject__ = "contact_id"
    __protects__ = True

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    contact_id: Mapped[int] = not_personal(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = personal(
        UtcDateTime, category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Restricted since")
    )
    ground: Mapped[str] = personal(
        String(1), category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Ground")
    )
    placed_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    told_on: Mapped[date | None] = personal(
        Date, category=Category.HISTORY, keep=Keep.CONTACT, label=mark("The person was told on")
    )
    lifted_at: Mapped[datetime | None] = personal(
        UtcDateTime, category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Lifted")
    )
    lifted_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
