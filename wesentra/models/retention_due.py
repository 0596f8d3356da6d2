"""Dates of deletion: for every contact and company when it goes, and by which rule."""

from datetime import date, datetime, timedelta

from sqlalchemy import Date, ForeignKey, Integer
from sqlalchemy.orm import Mapped, relationship

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal
from wesentra.models.retention_rule import RetentionRule

WARNING_DAYS = 30
"""So long before the date the owner is asked, and lists say that somebody leaves soon."""


def soon(today: date) -> date:
    """The last day of those who leave soon."""
    return today + timedelta(days=WARNING_DAYS)


class RetentionDue(Base):
    """When one contact or one company goes; written with whatever moves it, compared every night.

    `let_go_at` says that the owner was asked and lets them go; another date asks anew.
    """

    __tablename__ = "retention_due"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    contact_id: Mapped[int | None] = not_personal(
        ForeignKey("contact.id", ondelete="CASCADE"), unique=True
    )
    company_id: Mapped[int | None] = not_personal(
        ForeignKey("company.id", ondelete="CASCADE"), unique=True
    )
    due_on: Mapped[date] = not_personal(Date, index=True)
    counted_from: Mapped[date] = not_personal(Date)
    rule_id: Mapped[int] = not_personal(ForeignKey("retention_rule.id"))
    let_go_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    let_go_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))

    rule: Mapped[RetentionRule] = relationship(lazy="raise_on_sql")
