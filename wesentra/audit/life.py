"""The tables of the log's own life: where old entries went, and what keeps them."""

from datetime import date, datetime

from sqlalchemy import Date, Integer, LargeBinary, String, Text, func, select
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class LogAnchor(Base):
    """Where the chain begins since entries up to `last` went (`audit.anchor.Anchor`)."""

    __tablename__ = "log_anchor"

    number: Mapped[int] = not_personal(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = not_personal(Integer)
    hash: Mapped[bytes] = not_personal(LargeBinary(32))
    at: Mapped[datetime] = not_personal(UtcDateTime)
    previous: Mapped[bytes] = not_personal(LargeBinary(32))
    checkpoint: Mapped[bytes] = not_personal(LargeBinary(32))
    gone: Mapped[int] = not_personal(Integer)
    until: Mapped[date] = not_personal(Date)
    whole: Mapped[date] = not_personal(Date)
    days: Mapped[bytes] = not_personal(LargeBinary(32))
    key: Mapped[str] = not_personal(String(16))
    signature: Mapped[bytes] = not_personal(LargeBinary(64))


class LogHold(Base):
    """Days whose entries stay until the hold is lifted: for a breach or a request, by its number.

    `last` None: no end yet. `breach_id` is the breach of the register that it belongs to, and with
    which it ends: the documentation of a breach is kept (Art. 33(5) GDPR). `lift_reason` was typed
    by who lifted it; its field says that it names nobody.
    """

    __tablename__ = "log_hold"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    reason: Mapped[str] = not_personal(String(20))
    reference: Mapped[str] = not_personal(String(40))
    first: Mapped[date] = not_personal(Date)
    last: Mapped[date | None] = not_personal(Date)
    placed_by: Mapped[int | None] = not_personal(Integer)
    placed_at: Mapped[datetime] = not_personal(UtcDateTime)
    lifted_by: Mapped[int | None] = not_personal(Integer)
    lifted_at: Mapped[datetime | None] = not_personal(UtcDateTime)
    breach_id: Mapped[int | None] = not_personal(Integer)
    lift_reason: Mapped[str | None] = not_personal(Text)


GONE = select(func.coalesce(func.max(LogAnchor.last), 0)).scalar_subquery()
"""The last entry that went by rule (0: none). A row up to it, left over by a crash, counts no more:
every question to the entries says so."""
