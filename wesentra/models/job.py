"""Work that the register does by itself: one row a job, by which servers agree who does it."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class Job(Base):
    """When a job was begun last and what came of it.

    While it runs, `leased_until` is set; once that moment is past, whoever ran it is gone.
    `outcome` is a code, empty while it runs; `done_at` is the end of the last run that was well.
    """

    __tablename__ = "job"

    name: Mapped[str] = not_personal(String(40), primary_key=True)
    leased_until: Mapped[datetime | None] = not_personal(UtcDateTime)
    begun_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    done_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    outcome: Mapped[str] = not_personal(String(20), default="")
