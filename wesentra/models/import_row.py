"""Staging: the rows of an import between the file and the register."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from wesentra.models.base import Base
from wesentra.models.personal import Category, Keep, not_personal, personal
from wesentra.texts import mark


class ImportRow(Base):
    """One row of the file, what was made of it, and why not."""

    __tablename__ = "import_row"
    __subject__ = "contact_id"
    __page__ = ("import", "job_id")
    __table_args__ = {"sqlite_with_rowid": False}

    job_id: Mapped[int] = not_personal(
        ForeignKey("import_job.id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[int] = not_personal(Integer, primary_key=True)
    outcome: Mapped[str] = not_personal(String(10))
    reasons: Mapped[list[Any]] = not_personal(JSON)
    record: Mapped[dict[str, Any]] = personal(
        JSON, category=Category.HISTORY, keep=Keep.IMPORT, label=mark("Imported row")
    )
    contact_id: Mapped[int | None] = not_personal(
        ForeignKey("contact.id", ondelete="CASCADE"), index=True
    )
    company_id: Mapped[int | None] = not_personal(
        ForeignKey("company.id", ondelete="SET NULL"), index=True
    )
