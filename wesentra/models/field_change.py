"""Change history: old and new values, kept apart from the log and erased with the person."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, relationship

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.models.user import User
from wesentra.texts import mark


class FieldChange(Base):
    """One field that got another value, of a contact or of a company."""

    __tablename__ = "field_change"
    __subject__ = "contact_id"
    __page__ = ("company", "company_id")
    __of_change__ = True  # written beside the change itself, which is what the log names
    __table_args__ = (
        Index("ix_field_change_contact_id_field_at", "contact_id", "field", "at"),
        Index("ix_field_change_company_id_field_at", "company_id", "field", "at"),
    )

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    contact_id: Mapped[int | None] = not_personal(ForeignKey("contact.id", ondelete="CASCADE"))
    company_id: Mapped[int | None] = not_personal(ForeignKey("company.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    import_id: Mapped[int | None] = not_personal(ForeignKey("import_job.id"), index=True)
    field: Mapped[str] = not_personal(String(30))
    old: Mapped[str] = personal(
        String(500), category=Category.HISTORY, keep=Keep.CONTACT, label=mark("Old value")
    )
    new: Mapped[str] = personal(
        String(500), category=Category.HISTORY, keep=Keep.CONTACT, label=mark("New value")
    )
    at: Mapped[datetime] = not_personal(UtcDateTime)

    user: Mapped[User | None] = relationship(lazy="raise_on_sql")
