"""What the database itself counted: every row of a person that a transaction changed.

Triggers write it (`audit.arming`), so it also knows what follows from a foreign key and what a bulk
statement did. Before the commit it is compared with what was noted; what nobody noted becomes an
entry like the rest. Nothing stays here longer than its transaction.
"""

from sqlalchemy import Connection, Integer, String, delete
from sqlalchemy.orm import Mapped

from wesentra.actor import Notes
from wesentra.audit.entry import Operation
from wesentra.models.base import Base
from wesentra.models.personal import not_personal

CONSEQUENCE = "consequence"
"""Stands for the field where the database changed a row as a consequence of something else."""


class RowChange(Base):
    """One changed row of a personal table, and the contact whose it is, if it is anybody's."""

    __tablename__ = "row_change"

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    table_name: Mapped[str] = not_personal(String(40))
    operation: Mapped[str] = not_personal(String(6))
    row_id: Mapped[int] = not_personal(Integer)
    contact_id: Mapped[int | None] = not_personal(Integer)


_changes = Base.metadata.tables[RowChange.__tablename__]
_COUNTED = delete(_changes).returning(
    _changes.c.table_name, _changes.c.operation, _changes.c.row_id, _changes.c.contact_id
)


def compare(connection: Connection, notes: Notes) -> None:
    """Add to `notes` what the transaction of `connection` changed and nobody noted."""
    counted = connection.execute(_COUNTED).all()
    told = {(kind, id_): operation for operation, kind, id_ in notes.written}
    gone = {(kind, id_) for operation, kind, id_ in notes.written if operation == Operation.DELETE}
    for table, operation, row_id, contact_id in counted:
        key = (table, row_id) if table in ("contact", "company") else ("contact", contact_id)
        whole = key == (table, row_id) and operation == Operation.DELETE
        if key[1] is None or key in (gone if whole else told):
            continue
        if whole:
            notes.written[operation, *key] = set()
        else:
            prefix = "" if key[0] == table else f"{table}."
            field = "deleted" if operation == Operation.DELETE else CONSEQUENCE
            notes.written.setdefault((Operation.UPDATE, *key), set()).add(prefix + field)
