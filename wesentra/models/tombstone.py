"""Tombstones: that somebody was erased, without a word of who it was."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal

IN_THE_FILE = text("cleared_at IS NULL")


class Tombstone(Base):
    """One contact or company that was erased: its number, which leads nowhere, and why.

    `reason` is a code of `erasure.reasons`, `rule` the key and version of a retention rule. `rows`
    of `tables` tables went. `erasure` is the name under which the ledger outside of the database
    knows it. `cleared_at` is when the bytes were gone from the files of SQLite as well; None until
    then, and always on PostgreSQL, which does not say.
    """

    __tablename__ = "tombstone"
    __table_args__ = (
        Index("ix_tombstone_kind_number", "kind", "number"),
        Index("ix_tombstone_erasure", "erasure"),
        Index(
            "ix_tombstone_uncleared",
            "id",
            sqlite_where=IN_THE_FILE,
            postgresql_where=IN_THE_FILE,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    erased_at: Mapped[datetime] = not_personal(UtcDateTime)
    kind: Mapped[str] = not_personal(String(8))
    number: Mapped[int] = not_personal(Integer)
    reason: Mapped[str] = not_personal(String(20))
    rule: Mapped[str] = not_personal(String(60), default="")
    erased_by: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    rows: Mapped[int] = not_personal(Integer)
    tables: Mapped[int] = not_personal(Integer)
    erasure: Mapped[str] = not_personal(String(32))
    cleared_at: Mapped[datetime | None] = not_personal(UtcDateTime)
