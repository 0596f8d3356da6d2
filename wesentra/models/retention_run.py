"""Runs: what went by itself on which night, as a certificate without names."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class RunState(StrEnum):
    """A run goes on until it is done, or stops before it has begun because it would take many.

    One that was cut off goes on on the same day; later, the next day's run takes over what it left.
    """

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    CUT_OFF = "cut_off"


class RetentionRun(Base):
    """One run for one day, also when it was cut off and went on later.

    `rules` has the versions it went by, `counts` numbers only: how many of whom were due, went,
    were held and for which kind of reason, and how many dates were put right. Of a run that stopped
    `approved_by` is who let it go on.
    """

    __tablename__ = "retention_run"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    day: Mapped[date] = not_personal(Date, unique=True)
    state: Mapped[str] = not_personal(String(8))
    begun_at: Mapped[datetime] = not_personal(UtcDateTime)
    ended_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    rules: Mapped[list[Any]] = not_personal(JSON)
    counts: Mapped[dict[str, Any]] = not_personal(JSON)
    approved_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    approved_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
