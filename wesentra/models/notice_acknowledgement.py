"""Who has read which version of the notice about logging (759/2004, sections 4 and 21)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal

LOG_NOTICE = 1
"""The version of the notice's text; whoever has read another one last is asked anew."""


class NoticeAcknowledgement(Base):
    """One user says to have read the notice: its version, and how many months the log is kept.

    The last one of a user tells what they know; the notice is asked about anew when it differs.
    """

    __tablename__ = "notice_acknowledgement"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    user_id: Mapped[int] = not_personal(ForeignKey("user_account.id"), index=True)
    version: Mapped[int] = not_personal(Integer)
    months: Mapped[int] = not_personal(Integer)
    at: Mapped[datetime] = not_personal(UtcDateTime)
