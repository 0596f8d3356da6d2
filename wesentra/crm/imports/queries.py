"""Questions about imports."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Select, select

from wesentra.crm.imports.states import WORKING, Outcome, State
from wesentra.models import ImportJob, ImportRow, User, db

CHUNK = 500


def recent(limit: int = 20) -> Sequence[tuple[ImportJob, str | None]]:
    """The newest imports with the full name of who began each."""
    rows = db.session.execute(
        select(ImportJob, User.full_name)
        .outerjoin(User, ImportJob.user_id == User.id)
        .order_by(ImportJob.id.desc())
        .limit(limit)
    )
    return [(job, name) for job, name in rows]


def unfinished(sha256: str) -> ImportJob | None:
    """An earlier import of the same file that broke off in the middle, the newest."""
    begun = [state.value for state in (State.READING, State.MAPPING, State.CHECKED, *WORKING)]
    return db.session.scalar(
        select(ImportJob)
        .where(ImportJob.file_sha256 == sha256, ImportJob.state.in_(begun))
        .order_by(ImportJob.id.desc())
        .limit(1)
    )


def rejected(job_id: int, limit: int) -> Sequence[ImportRow]:
    """The first rejected rows, as a page shows them."""
    return db.session.scalars(_rejected(job_id, after=0, limit=limit)).all()


def every_rejected(job_id: int) -> Iterator[ImportRow]:
    """All rejected rows by line, in constant memory."""
    after = 0
    while rows := db.session.scalars(_rejected(job_id, after, CHUNK)).all():
        for row in rows:
            yield row
            db.session.expunge(row)
        after = rows[-1].line


def first_rows(job_id: int, limit: int = 3) -> Sequence[ImportRow]:
    """The first rows of the file, shown beside the mapping."""
    return db.session.scalars(
        select(ImportRow)
        .where(ImportRow.job_id == job_id, ImportRow.outcome != Outcome.HEADINGS.value)
        .order_by(ImportRow.line)
        .limit(limit)
    ).all()


def _rejected(job_id: int, after: int, limit: int) -> Select[ImportRow]:
    return (
        select(ImportRow)
        .where(
            ImportRow.job_id == job_id,
            ImportRow.outcome == Outcome.REJECTED.value,
            ImportRow.line > after,
        )
        .order_by(ImportRow.line)
        .limit(limit)
    )
