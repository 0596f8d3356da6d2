"""Who has read which version of the notice about logging (759/2004, sections 4 and 21)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal

LOG_NOTICE = 1
"""The version of the notice that holds today; a higher one is asked about anew."""


class NoticeAcknowledgement(Base):
    """One user says to have read one version of the notice; each version once."""

    __tablename__ = "notice_acknowledgement"

    user_id: Mapped[int] = not_personal(
        ForeignKey("user_account.id"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = not_personal(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = not_personal(UtcDateTime)
