"""Imports: one file brought in, from upload to done or undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base, UtcDateTime
from wesentra.models.personal import not_personal


class ImportJob(Base):
    """The state and the figures of one import; the file's name is not kept, its hash is.

    `at_line` is the line that the present state has come to, so that it can go on after a stop;
    `touched_at` is when it last came further.
    """

    __tablename__ = "import_job"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = not_personal(Integer, primary_key=True)
    state: Mapped[str] = not_personal(String(12))
    file_sha256: Mapped[str] = not_personal(String(64))
    mapping: Mapped[dict[str, Any]] = not_personal(JSON)
    group: Mapped[str] = not_personal(String(30), default="")
    source: Mapped[str] = not_personal(String(120), default="")
    region: Mapped[str] = not_personal(String(2), default="FI")
    user_id: Mapped[int | None] = not_personal(ForeignKey("user_account.id"))
    rows: Mapped[int] = not_personal(Integer, default=0)
    at_line: Mapped[int] = not_personal(Integer, default=0)
    applied: Mapped[int] = not_personal(Integer, default=0)
    created: Mapped[int] = not_personal(Integer, default=0)
    updated: Mapped[int] = not_personal(Integer, default=0)
    skipped: Mapped[int] = not_personal(Integer, default=0)
    rejected: Mapped[int] = not_personal(Integer, default=0)
    created_at: Mapped[datetime] = not_personal(UtcDateTime)
    touched_at: Mapped[datetime] = not_personal(UtcDateTime)
    finished_at: Mapped[datetime | None] = not_personal(UtcDateTime)
