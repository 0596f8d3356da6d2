"""The tables of the access log, and the operations that it knows.

An entry holds ids, codes and field names, never a value: the log must not become a second
register.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Integer, LargeBinary, String, Text, TextClause, text
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class Operation(StrEnum):
    """What was done. The first four show people; each is one entry with everybody shown."""

    VIEW = "view"
    LIST = "list"
    SEARCH = "search"
    EXPORT = "export"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    PROGRAM = "program"
    LOG_READ = "log_read"
    LOG_EXPORT = "log_export"
    LOG_PRUNE = "log_prune"
    LOG_HOLD = "log_hold"
    LOG_REDACT = "log_redact"
    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    DENIED = "denied"
    PURPOSE = "purpose"
    SIGHT = "sight"
    ACCOUNT = "account"
    SHELL = "shell"
    REVIEW = "review"
    BREACH = "breach"
    RETENTION = "retention"
    NOTICE = "notice"
    BACKUP = "backup"
    RESTORE = "restore"
    RESTORE_TEST = "restore_test"


SHOWS = (Operation.VIEW, Operation.LIST, Operation.SEARCH, Operation.EXPORT)
CHANGES = (Operation.CREATE, Operation.UPDATE, Operation.DELETE)
EXPORTS = (Operation.EXPORT, Operation.LOG_EXPORT)

NOT_DONE = text("outcome <> 'done'")
EXPORTED = text("operation IN ('export', 'log_export')")
OPENED = text("operation = 'view'")
"""The conditions of three small indexes. A question that is to be answered from them has to say the
same words: SQLite compares the text, and knows no parameter's value."""


def _some(name: str, condition: TextClause) -> Index:
    return Index(name, "at", sqlite_where=condition, postgresql_where=condition)


class LogEntry(Base):
    """One row of the access log: who did what to whom, when and for which purpose.

    `reason_id` is the opening of a restricted person that it happened under: the typed reason
    stands there and goes with the person. `subject_ids` and `fields` are JSON lists; `shown` is
    the number of subjects, or for `program` the number of statements that only the program looked
    at. `salt` and `hash` seal the entry (`audit.seal`); `veil` is kept in the place of what a
    redacted entry said.
    """

    __tablename__ = "log_entry"
    __table_args__ = (
        Index("ix_log_entry_at", "at"),
        Index("ix_log_entry_actor_id_at", "actor_id", "at"),
        Index("ix_log_entry_request_id", "request_id"),
        _some("ix_log_entry_not_done", NOT_DONE),
        _some("ix_log_entry_exports", EXPORTED),
        _some("ix_log_entry_opened", OPENED),
    )

    id: Mapped[int] = not_personal(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = not_personal(UtcDateTime)
    request_id: Mapped[str] = not_personal(String(36))
    actor_id: Mapped[int | None] = not_personal(Integer)
    role: Mapped[str] = not_personal(String(20))
    purpose: Mapped[str] = not_personal(String(40))
    operation: Mapped[str] = not_personal(String(20))
    subject_type: Mapped[str] = not_personal(String(20))
    subject_ids: Mapped[str] = not_personal(Text)
    shown: Mapped[int] = not_personal(Integer)
    fields: Mapped[str] = not_personal(Text)
    outcome: Mapped[str] = not_personal(String(20))
    channel: Mapped[str] = not_personal(String(6))
    source: Mapped[str] = not_personal(String(80))
    endpoint: Mapped[str] = not_personal(String(60))
    reason_id: Mapped[int | None] = not_personal(Integer)
    salt: Mapped[bytes | None] = not_personal(LargeBinary(16))
    veil: Mapped[bytes | None] = not_personal(LargeBinary(32))
    hash: Mapped[bytes] = not_personal(LargeBinary(32))


class LogHead(Base):
    """The end of the chain: one row, which whoever appends holds until the commit.

    So the numbers have no gap, and are in the order of the commits, on both databases.
    `signed` is the last entry that a checkpoint covers, `signed_at` when that was made.
    """

    __tablename__ = "log_head"

    id: Mapped[int] = not_personal(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = not_personal(Integer)
    hash: Mapped[bytes] = not_personal(LargeBinary(32))
    signed: Mapped[int] = not_personal(Integer)
    signed_at: Mapped[datetime] = not_personal(UtcDateTime)


class LogCheckpoint(Base):
    """The state of the chain at one moment, signed; each contains the digest of the one before."""

    __tablename__ = "log_checkpoint"

    number: Mapped[int] = not_personal(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = not_personal(Integer)
    hash: Mapped[bytes] = not_personal(LargeBinary(32))
    at: Mapped[datetime] = not_personal(UtcDateTime)
    previous: Mapped[bytes] = not_personal(LargeBinary(32))
    key: Mapped[str] = not_personal(String(16))
    signature: Mapped[bytes] = not_personal(LargeBinary(64))


class LogSubject(Base):
    """Which entries concern which contact: the way from a person to all looks at them.

    No foreign key leads to the entry: for each one that goes the database would look through the
    whole table, which is ordered by contacts.
    """

    __tablename__ = "log_subject"
    __table_args__ = {"sqlite_with_rowid": False}

    contact_id: Mapped[int] = not_personal(Integer, primary_key=True)
    entry_id: Mapped[int] = not_personal(Integer, primary_key=True, autoincrement=False)
