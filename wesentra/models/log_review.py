"""Reviews of the access log: one a month, with everything that was drawn for it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class Verdict(StrEnum):
    """What a reviewer finds of an item; `ASKED` is not the last word."""

    OPEN = ""
    JUSTIFIED = "justified"
    ASKED = "asked"
    UNJUSTIFIED = "unjustified"


class LogReview(Base):
    """The review of one month. `month` is its first day; a closed review never changes.

    `seed`, `population` (looks and changes by users between `first_entry` and `last_entry`) and
    `limits` (JSON: the thresholds of that day) are what is needed to draw the same sample again.
    `gaps` are the entries right before the first and between it and the last that were not there;
    `measured_from` is when the log began, if rules asked for an earlier time.
    """

    __tablename__ = "log_review"
    __table_args__ = (UniqueConstraint("month"),)

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    month: Mapped[date] = not_personal(Date)
    seed: Mapped[str] = not_personal(String(32))
    first_entry: Mapped[int] = not_personal(Integer)
    last_entry: Mapped[int] = not_personal(Integer)
    population: Mapped[int] = not_personal(Integer)
    sampled: Mapped[int] = not_personal(Integer)
    gaps: Mapped[int] = not_personal(Integer)
    limits: Mapped[str] = not_personal(Text)
    measured_from: Mapped[datetime | None] = not_personal(UtcDateTime)
    drawn_at: Mapped[datetime] = not_personal(UtcDateTime)
    drawn_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    closed_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    left_open: Mapped[int] = not_personal(Integer, default=0)
    reason: Mapped[str] = not_personal(Text, default="")


class LogReviewItem(Base):
    """One thing to judge: a hit of a rule, an entry of the sample, an export, a reading of the log.

    Who is reviewed is a user; people are numbers. `entry_id` is the first of `count` entries;
    `facts` (JSON) are the numbers in the sentence of the rule. The typed texts are about the work
    of a user; their field says that they name nobody.
    """

    __tablename__ = "log_review_item"
    __table_args__ = (
        Index("ix_log_review_item_review_id_rule_id", "review_id", "rule", "id"),
        Index("ix_log_review_item_actor_id_verdict", "actor_id", "verdict"),
    )

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    review_id: Mapped[int] = not_personal(ForeignKey("log_review.id"))
    rule: Mapped[str] = not_personal(String(10))
    actor_id: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    entry_id: Mapped[int | None] = not_personal(Integer)
    request_id: Mapped[str] = not_personal(String(36))
    at: Mapped[datetime] = not_personal(UtcDateTime)
    contact_number: Mapped[int | None] = not_personal(Integer)
    count: Mapped[int] = not_personal(Integer)
    facts: Mapped[str] = not_personal(Text)
    verdict: Mapped[str] = not_personal(String(12), default=Verdict.OPEN)
    judged_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    judged_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    reason: Mapped[str] = not_personal(Text, default="")
    asked_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    question: Mapped[str] = not_personal(Text, default="")
    answered_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    answer: Mapped[str] = not_personal(Text, default="")
