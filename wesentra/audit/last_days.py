"""When something was done last, by the daily figures: they stay when entries go."""

from datetime import date

from sqlalchemy import select

from wesentra.audit.day import LogTotal
from wesentra.audit.entry import Operation
from wesentra.models.base import db


def last_day(operation: Operation) -> date | None:
    """The last Finnish day on which it was done well; None for never."""
    query = select(LogTotal.day).where(LogTotal.operation == operation, LogTotal.done)
    found: date | None = db.session.scalar(query.order_by(LogTotal.day.desc()).limit(1))
    return found
