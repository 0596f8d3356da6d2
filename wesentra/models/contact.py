"""Contacts: the natural persons we hold data about."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, relationship

from wesentra.models.base import Base, UtcDateTime, folded, only_where_set
from wesentra.models.company import Company
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.models.retention_due import RetentionDue
from wesentra.models.user import User
from wesentra.texts import mark


class Contact(Base):
    """A person, by name and by how they are reached at work; the data subject of Art. 4(1) GDPR."""

    __tablename__ = "contact"
    __subject__ = "id"
    __table_args__ = (
        Index("ix_contact_sort_key_id", "sort_key", "id"),
        Index("ix_contact_group_sort_key_id", "group", "sort_key", "id"),
        only_where_set("ix_contact_pending_import_id", "pending_import_id"),
        Index("ix_contact_owner_id_checked_at", "owner_id", "checked_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    company_id: Mapped[int | None] = not_personal(
        ForeignKey("company.id", ondelete="SET NULL"), index=True, tells=Category.WORK
    )
    given_name: Mapped[str] = personal(
        String(80),
        default="",
        category=Category.IDENTITY,
        keep=Keep.CONTACT,
        label=mark("Given name"),
    )
    family_name: Mapped[str] = personal(
        String(80),
        default="",
        category=Category.IDENTITY,
        keep=Keep.CONTACT,
        label=mark("Family name"),
    )
    sort_key: Mapped[str] = personal(
        folded(160),
        default="",
        category=Category.IDENTITY,
        keep=Keep.CONTACT,
        label=mark("Sort key"),
        exported=False,
    )
    title: Mapped[str] = personal(
        String(120), default="", category=Category.WORK, keep=Keep.CONTACT, label=mark("Title")
    )
    phone: Mapped[str] = personal(
        String(20),
        default="",
        index=True,
        category=Category.CONTACT_DETAILS,
        keep=Keep.CONTACT,
        label=mark("Phone"),
    )
    email: Mapped[str] = personal(
        String(254),
        default="",
        index=True,
        category=Category.CONTACT_DETAILS,
        keep=Keep.CONTACT,
        label=mark("E-mail"),
    )
    group: Mapped[str] = personal(
        String(30), category=Category.WORK, keep=Keep.CONTACT, label=mark("Group")
    )
    source: Mapped[str] = personal(
        String(120), category=Category.WORK, keep=Keep.CONTACT, label=mark("Source of data")
    )
    language: Mapped[str] = personal(
        String(2),
        default="fi",
        category=Category.COMMUNICATION,
        keep=Keep.CONTACT,
        label=mark("Language"),
    )
    note: Mapped[str] = personal(
        String(500), default="", category=Category.NOTE, keep=Keep.CONTACT, label=mark("Note")
    )
    left_on: Mapped[date | None] = personal(
        Date, category=Category.WORK, keep=Keep.CONTACT, label=mark("Left the role on")
    )
    owner_id: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    checked_at: Mapped[datetime | None] = not_personal(UtcDateTime, tells=Category.HISTORY)
    pending_import_id: Mapped[int | None] = not_personal(ForeignKey("import_job.id"))
    version: Mapped[int] = not_personal(Integer)
    created_at: Mapped[datetime] = not_personal(UtcDateTime)
    updated_at: Mapped[datetime] = not_personal(UtcDateTime)

    company: Mapped[Company | None] = relationship(
        foreign_keys=[company_id], lazy="raise_on_sql", passive_deletes=True
    )
    owner: Mapped[User | None] = relationship(lazy="raise_on_sql")
    retention: Mapped[RetentionDue | None] = relationship(
        lazy="raise_on_sql", viewonly=True, uselist=False
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """Given name and family name, as one would say them."""
        return f"{self.given_name} {self.family_name}".strip()
