"""What ends a piece of work that is no request: a command's, or a job's."""

from wesentra.actor import current
from wesentra.models.base import db, meant_to_write


def commit(*, changes: bool) -> None:
    """Commit with the entries; of work that failed, or changes nothing, only those.

    What only read ends its read first, so that its entries are written beside it.
    """
    if not changes:
        db.session.rollback()
        current().notes.forget_writes()
    with meant_to_write():
        db.session.commit()
