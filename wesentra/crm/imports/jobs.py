"""One import as it stands, for the steps that carry it forward."""

from sqlalchemy import select

from wesentra import clock
from wesentra.crm.imports import staging
from wesentra.crm.imports.mapping import Columns, from_json
from wesentra.crm.imports.record import Defaults
from wesentra.crm.imports.states import STOPPED_AFTER, WORKING, State
from wesentra.models import ImportJob, db
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark


def get(job_id: int) -> ImportJob:
    """The import with this number."""
    job = db.session.get(ImportJob, job_id)
    if job is None:
        raise NotFound(mark("There is no import with this number."))
    return job


def locked(job_id: int) -> ImportJob:
    """The import as it is in the database now, held against other workers until the commit."""
    job = db.session.scalar(
        select(ImportJob)
        .where(ImportJob.id == job_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if job is None:
        raise NotFound(mark("There is no import with this number."))
    return job


def still(job_id: int, state: State, at_line: int) -> ImportJob | None:
    """The import, locked, when nobody has carried it further meanwhile; else None."""
    job = locked(job_id)
    return job if (job.state, job.at_line) == (state, at_line) else None


def enter(job: ImportJob, state: State) -> None:
    """Begin a state at its first line."""
    job.state = state.value
    job.at_line = 0
    touch(job)


def touch(job: ImportJob) -> None:
    """Say that the import has come further now."""
    job.touched_at = clock.now()


def demand(job: ImportJob, *states: State) -> None:
    """Refuse unless the import is in one of these states."""
    if job.state not in states:
        raise Refused(mark("The import is not at that point any more. Look at it again."))


def has_stopped(job: ImportJob) -> bool:
    """Whether work on it broke off: a stop of the server, or of the machine."""
    idle = clock.now() - job.touched_at > STOPPED_AFTER
    return job.state in (*WORKING, State.READING) and idle


def columns_of(job: ImportJob) -> Columns:
    """Which column goes where, by its place."""
    return from_json(job.mapping.get("columns", []))


def named_columns_of(job: ImportJob) -> Columns:
    """Which column goes where, with its heading: a look at the file."""
    return from_json(job.mapping.get("columns", []), staging.headings_of(job.id))


def defaults_of(job: ImportJob) -> Defaults:
    """What holds for rows that do not say it."""
    keep = bool(job.mapping.get("keep_sensitive"))
    return Defaults(job.group, job.source, job.region, keep)
