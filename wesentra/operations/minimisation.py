"""What minimisation does by itself: it counts uses of fields, and does what was decided."""

from sqlalchemy import select

from wesentra.compliance.minimisation import counting, removing
from wesentra.crm.contacts import actions
from wesentra.models import FieldRemoval
from wesentra.models.base import db, meant_to_write
from wesentra.operations.committing import commit
from wesentra.settings import Settings


def run(_settings: Settings) -> None:
    """Count which fields were of use since the last time, and carry out what was decided."""
    counting.count()
    with meant_to_write():
        for number in removing.open_ones():
            while removing.carry_on(number, actions.empty):
                commit(changes=True)
            commit(changes=True)


def lacks(_settings: Settings) -> bool:
    """Whether a removal that somebody decided is not done."""
    with db.engine.connect() as connection:
        open_ = select(FieldRemoval.id).where(FieldRemoval.done_at.is_(None)).limit(1)
        return connection.scalar(open_) is not None
