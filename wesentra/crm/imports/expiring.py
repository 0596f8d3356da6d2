"""Staged rows do not stay: of what was brought in nobody needs them after a fortnight, and what was
never brought in is nobody's register."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select

from wesentra import clock
from wesentra.crm.imports import jobs
from wesentra.crm.imports.states import Outcome, State
from wesentra.crm.imports.tables import table_of
from wesentra.models import ImportJob, ImportRow, db
from wesentra.models.attribution import bulk_write, seen_by_program

KEPT = timedelta(days=14)
"""How long rejected rows stay, to be looked at and brought again, and those that nobody applies."""
LEFT_OVER = (Outcome.HEADINGS.value, Outcome.REJECTED.value, Outcome.DUPLICATE.value)
WAITING = (State.READING.value, State.MAPPING.value, State.CHECKED.value)
"""States in which an import waits for somebody."""


def forget_old() -> None:
    """Drop rows that are left over from imports that ended a fortnight ago, and all of those that
    nobody went on with for as long; these are over then."""
    before = clock.now() - KEPT
    done = ImportJob.state == State.DONE.value, ImportJob.finished_at < before
    _drop(db.session.scalars(select(ImportJob.id).where(*done)).all(), LEFT_OVER)
    left = ImportJob.state.in_(WAITING), ImportJob.touched_at < before
    abandoned = db.session.scalars(select(ImportJob).where(*left)).all()
    _drop([job.id for job in abandoned])
    for job in abandoned:
        jobs.enter(job, State.UNDONE)
        job.finished_at = clock.now()


def _drop(job_ids: Collection[int], outcomes: Collection[str] = ()) -> None:
    """Delete the staged rows of these imports, of some outcomes or all; without any, no entry."""
    if not job_ids:
        return
    rows = table_of(ImportRow)
    mine: ColumnElement[bool] = rows.c.job_id.in_(job_ids)
    if outcomes:
        mine &= rows.c.outcome.in_(outcomes)
    full = select(rows.c.job_id).where(mine).distinct()
    ids = db.session.scalars(full, execution_options=seen_by_program("import")).all()
    if ids:
        about = bulk_write("delete", "import", ids, ["rows"])
        db.session.execute(delete(rows).where(mine), execution_options=about)
