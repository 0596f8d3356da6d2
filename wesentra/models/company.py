"""Companies: organisations, and sole traders (*toiminimi*), who are persons as well."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, relationship

from wesentra.models.base import Base, UtcDateTime, folded, only_where_set
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.models.retention_due import RetentionDue
from wesentra.models.user import User
from wesentra.texts import mark


class Company(Base):
    """An organisation, customer or not.

    `person_id` leads from a sole trader's company to its person: then everything here is that
    person's data. A look is logged for the company in any case.
    """

    __tablename__ = "company"
    __subject__ = "person_id"
    __page__ = ("company", "id")
    __table_args__ = (
        Index("ix_company_sort_key_id", "sort_key", "id"),
        Index("ix_company_group_sort_key_id", "group", "sort_key", "id"),
        only_where_set("ix_company_pending_import_id", "pending_import_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    person_id: Mapped[int | None] = not_personal(
        ForeignKey("contact.id", ondelete="CASCADE", use_alter=True), index=True
    )
    name: Mapped[str] = personal(
        String(160), category=Category.IDENTITY, keep=Keep.BILLING, label=mark("Company name")
    )
    sort_key: Mapped[str] = personal(
        folded(160),
        default="",
        category=Category.IDENTITY,
        keep=Keep.BILLING,
        label=mark("Sort key"),
        exported=False,
    )
    business_id: Mapped[str] = personal(
        String(12),
        default="",
        index=True,
        category=Category.BILLING,
        keep=Keep.BILLING,
        label=mark("Business ID"),
        purpose="billing",
    )
    street: Mapped[str] = personal(
        String(160),
        default="",
        category=Category.CONTACT_DETAILS,
        keep=Keep.BILLING,
        label=mark("Street address"),
    )
    postal_code: Mapped[str] = personal(
        String(12),
        default="",
        category=Category.CONTACT_DETAILS,
        keep=Keep.BILLING,
        label=mark("Postal code"),
    )
    post_office: Mapped[str] = personal(
        String(80),
        default="",
        category=Category.CONTACT_DETAILS,
        keep=Keep.BILLING,
        label=mark("Post office"),
    )
    country: Mapped[str] = personal(
        String(2),
        default="FI",
        category=Category.CONTACT_DETAILS,
        keep=Keep.BILLING,
        label=mark("Country"),
    )
    billing_address: Mapped[str] = personal(
        String(240),
        default="",
        category=Category.BILLING,
        keep=Keep.BILLING,
        label=mark("Billing address"),
        purpose="billing",
    )
    einvoice_address: Mapped[str] = personal(
        String(40),
        default="",
        category=Category.BILLING,
        keep=Keep.BILLING,
        label=mark("E-invoice address"),
        purpose="billing",
    )
    einvoice_operator: Mapped[str] = personal(
        String(40),
        default="",
        category=Category.BILLING,
        keep=Keep.BILLING,
        label=mark("E-invoice operator"),
        purpose="billing",
    )
    switchboard: Mapped[str] = personal(
        String(20),
        default="",
        index=True,
        category=Category.CONTACT_DETAILS,
        keep=Keep.BILLING,
        label=mark("Switchboard"),
    )
    group: Mapped[str] = personal(
        String(30), category=Category.WORK, keep=Keep.BILLING, label=mark("Group")
    )
    source: Mapped[str] = personal(
        String(120), category=Category.WORK, keep=Keep.BILLING, label=mark("Source of data")
    )
    note: Mapped[str] = personal(
        String(500), default="", category=Category.NOTE, keep=Keep.BILLING, label=mark("Note")
    )
    contract_ended_on: Mapped[date | None] = personal(
        Date, category=Category.WORK, keep=Keep.BILLING, label=mark("Contract ended on")
    )
    invoiced_on: Mapped[date | None] = personal(
        Date,
        category=Category.BILLING,
        keep=Keep.BILLING,
        label=mark("Last invoice on"),
        purpose="billing",
    )
    owner_id: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    pending_import_id: Mapped[int | None] = not_personal(ForeignKey("import_job.id"))
    version: Mapped[int] = not_personal(Integer)
    created_at: Mapped[datetime] = not_personal(UtcDateTime)
    updated_at: Mapped[datetime] = not_personal(UtcDateTime)

    owner: Mapped[User | None] = relationship(lazy="raise_on_sql")
    retention: Mapped[RetentionDue | None] = relationship(
        lazy="raise_on_sql", viewonly=True, uselist=False
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_sole_trader(self) -> bool:
        """Whether the company is a person, too."""
        return self.person_id is not None
