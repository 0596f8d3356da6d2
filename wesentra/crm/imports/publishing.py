"""The end of an import: what it made comes to be seen."""

from sqlalchemy import select, update

from wesentra import clock
from wesentra.crm.imports import jobs, staging
from wesentra.crm.imports.states import State
from wesentra.crm.imports.tables import table_of
from wesentra.models import Company, Contact, db
from wesentra.models.attribution import bulk_write, seen_by_program


def publish(job_id: int, size: int) -> None:
    """Let at most `size` companies or contacts be seen; with none left the import is done.

    Every row is in the register by now: between the first and the last of these batches some are
    seen and some not yet, which takes seconds for the largest files.
    """
    job = jobs.locked(job_id)
    if job.state != State.PUBLISHING:
        return
    for table in (table_of(Company), table_of(Contact)):
        ids = db.session.scalars(
            select(table.c.id).where(table.c.pending_import_id == job_id).limit(size),
            execution_options=seen_by_program("import"),
        ).all()
        if ids:
            db.session.execute(
                update(table).where(table.c.id.in_(ids)).values(pending_import_id=None),
                execution_options=bulk_write("update", "import", [job_id], ["rows"]),
            )
            jobs.touch(job)
            return
    jobs.enter(job, State.DONE)
    if not job.rejected:
        staging.forget(job_id, [staging.ABOVE_ALL])
    job.finished_at = clock.now()
