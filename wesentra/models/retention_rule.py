"""Retention rules: how long whose data are kept, counted from when; every version stays."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class Trigger(StrEnum):
    """What a period is counted from."""

    LAST_CONTACT = "last_contact"
    LEFT_ROLE = "left_role"
    CONTRACT_END = "contract_end"
    LAST_INVOICE = "last_invoice"
    EVENT = "event"


class Action(StrEnum):
    """What happens on the day: somebody goes, an event loses its person, or the owner decides."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    ASK = "ask"


class RetentionRule(Base):
    """One version of one rule (Art. 5(1)(e), 13(2)(a) GDPR).

    `kind` and `group` say whose data it is about (`group` empty: of everybody). The rule in force
    is the newest of its kind, group and trigger. `reason` is the company's own text; empty, it is
    the one that the program gives. `months` of a period that bookkeeping asks for are counted from
    the end of the calendar year in which the financial year ended (1336/1997, 2:10 §).
    """

    __tablename__ = "retention_rule"
    __table_args__ = (Index("ix_retention_rule_kind_group_trigger", "kind", "group", "trigger"),)

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    kind: Mapped[str] = not_personal(String(12))
    group: Mapped[str] = not_personal(String(30))
    trigger: Mapped[str] = not_personal(String(12))
    months: Mapped[int] = not_personal(Integer)
    action: Mapped[str] = not_personal(String(10))
    reason: Mapped[str] = not_personal(String(300), default="")
    valid_from: Mapped[datetime] = not_personal(UtcDateTime)
    decided_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
