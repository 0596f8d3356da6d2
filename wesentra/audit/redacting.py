"""An entry is redacted: whom it concerned goes, that it was there stays, and an entry says so."""

from sqlalchemy import delete, func, select, update

from wesentra.actor import current
from wesentra.audit import records, seal
from wesentra.audit.entry import LogEntry, LogSubject, Operation
from wesentra.audit.redactions import ABOUT
from wesentra.models.base import db
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark

REASONS = {
    "erasure": mark("the person was erased"),
    "mistake": mark("it says what it should not"),
    "order": mark("order of an authority"),
}
OWN_LIFE = (Operation.LOG_PRUNE, Operation.LOG_HOLD, Operation.LOG_REDACT)
"""What tells of the log itself stays as it is."""


def redact(number: int, reason: str) -> None:
    """Clear what entry `number` says of people, fields and its source; `reason` is of REASONS.

    For whoever acts, in a transaction that writes; an entry tells of it. Who did it, when, what
    and why stay. Raises NotFound, and Refused for an entry that may not or cannot be redacted.
    """
    if reason not in REASONS:
        raise Refused(mark("Choose why the entry is redacted."), field="reason")
    row = db.session.get(LogEntry, number)
    if row is None or number <= records.gone():
        raise NotFound(mark("There is no entry with this number in the log."))
    if row.salt is None:
        raise Refused(mark("Entry %(entry)s of the log is redacted already."), entry=number)
    if row.operation in OWN_LIFE:
        raise Refused(mark("Entry %(entry)s tells of the log itself and stays."), entry=number)
    says = {name: getattr(row, name) for name in seal.FIELDS}
    stays, veil = seal.told(says, seal.STAYS), seal.veil(row.salt, seal.told(says, seal.GOES))
    own = seal.leaf(veil, stays)
    if seal.link(records.links_before([row])[number - 1], number, own) != row.hash:
        raise Refused(mark("Entry %(entry)s of the log was changed."), entry=number)
    _clear(row, stays, veil)
    current().deed(Operation.LOG_REDACT, ABOUT, [number], [reason])


def _clear(row: LogEntry, stays: bytes, veil: bytes) -> None:
    """On PostgreSQL only a function of the owner's may change an entry."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.log_redact(row.id, stays, veil)))
    else:
        contacts = records.subject_ids(row) if row.subject_type == "contact" else ()
        connection.execute(
            update(LogEntry)
            .where(LogEntry.id == row.id)
            .values(salt=None, veil=veil, **seal.CLEARED)
        )
        here = LogSubject.entry_id == row.id
        connection.execute(delete(LogSubject).where(LogSubject.contact_id.in_(contacts), here))
    db.session.expire(row)
