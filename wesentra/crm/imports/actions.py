"""What people decide about an import; the steps between are carried out by `running`."""

from sqlalchemy import func, select

from wesentra import clock
from wesentra.actor import current
from wesentra.crm.imports import expiring, jobs, mapping, staging
from wesentra.crm.imports.mapping import Columns
from wesentra.crm.imports.raw import Table
from wesentra.crm.imports.states import Outcome, State
from wesentra.crm.values import line, phone
from wesentra.models import ImportJob, ImportRow, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.codes import GROUP_NAMES, by_name
from wesentra.refusal import Refused
from wesentra.texts import mark

SOURCE_LIMIT = 120


def begin(table: Table, sha256: str, *, dry_run: bool = False) -> ImportJob:
    """Begin an import of a recognised file; its rows follow. Of a dry run it stays known as one."""
    expiring.forget_old()
    now = clock.now()
    job = ImportJob(
        state=State.READING.value,
        file_sha256=sha256,
        mapping={
            "kind": table.kind,
            "encoding": table.encoding,
            "separator": table.separator,
            "columns": mapping.as_json(mapping.propose(table.headings)),
            "dry_run": dry_run,
        },
        user_id=current().user_id,
        created_at=now,
        touched_at=now,
    )
    db.session.add(job)
    db.session.flush()
    staging.add(job.id, [staging.headings(table.headings)])
    return job


def choose(
    job: ImportJob,
    columns: Columns,
    *,
    group: str,
    source: str,
    region: str,
    keep_sensitive: bool = False,
) -> None:
    """Say which column goes where, and what holds for rows that do not say it.

    `group` is a key or a name in any language, `region` the country of numbers and addresses.
    Raises Refused at the field that is wrong.
    """
    mapping.check(columns)
    job.region = _region(region)
    fields = {column.field for column in columns}
    job.group = _group(group, needed="group" not in fields)
    job.source = line.check(source, SOURCE_LIMIT)
    if not job.source and "source" not in fields:
        raise Refused(
            mark("Write where the data come from, or choose the column that says it."),
            field="source",
        )
    job.mapping = job.mapping | {
        "columns": mapping.as_json(columns),
        "keep_sensitive": keep_sensitive,
    }


def _group(text: str, needed: bool) -> str:
    if not text.strip() and not needed:
        return ""
    code = by_name(GROUP_NAMES, text)
    if code is None:
        raise Refused(mark("Choose the group."), field="group")
    return code.value


def _region(text: str) -> str:
    region = text.strip().upper()
    if region not in phone.REGIONS:
        raise Refused(
            mark("The country is two letters, for example FI: %(value)s."),
            field="region",
            value=text,
        )
    return region


def has_been_read(job: ImportJob) -> None:
    """All rows of the file are staged, and wait for somebody to say which column goes where."""
    jobs.demand(job, State.READING)
    jobs.enter(job, State.MAPPING)


def has_been_checked(job: ImportJob) -> None:
    """All rows of the file were checked while they were read."""
    jobs.demand(job, State.READING)
    jobs.enter(job, State.CHECKED)


def reconsider(job: ImportJob) -> None:
    """Choose the columns once more, after seeing what would come of them."""
    jobs.demand(job, State.CHECKED)
    jobs.enter(job, State.MAPPING)


def go_on(job: ImportJob) -> None:
    """Continue where work broke off."""
    if job.state == State.READING or not jobs.has_stopped(job):
        raise Refused(mark("There is nothing to continue."))
    jobs.touch(job)


def give_up(job: ImportJob, why: Refused) -> None:
    """Let an import go whose file turned out to be none in the middle; the page says why."""
    start_undo(job)
    job.mapping = job.mapping | {"fault": [why.sentence, why.values]}


def start_check(job: ImportJob) -> None:
    """Let the staged rows be checked."""
    jobs.demand(job, State.MAPPING)
    job.created = job.updated = job.skipped = job.rejected = job.applied = 0
    jobs.enter(job, State.CHECKING)


def start_apply(job: ImportJob) -> None:
    """Let what was foreseen be done."""
    jobs.demand(job, State.CHECKED)
    _demand_no_other(job)
    repeated = db.session.scalar(
        select(func.count()).where(
            ImportRow.job_id == job.id, ImportRow.outcome == Outcome.DUPLICATE.value
        ),
        execution_options=seen_by_program("import"),
    )
    job.created = job.updated = job.applied = 0
    job.mapping = job.mapping | {"dry_run": False}
    job.skipped = int(repeated or 0)
    jobs.enter(job, State.APPLYING)


def _demand_no_other(job: ImportJob) -> None:
    """Two imports at once would not see each other's people and make them twice."""
    busy = (State.APPLYING.value, State.PUBLISHING.value)
    other = db.session.scalar(
        select(ImportJob.id).where(ImportJob.state.in_(busy), ImportJob.id != job.id).limit(1)
    )
    if other is not None:
        raise Refused(
            mark("Import %(number)s is not finished yet. Wait for it, continue it or undo it."),
            number=other,
        )


def start_undo(job: ImportJob) -> None:
    """Let everything the import has done, and its staged rows, go."""
    if job.state in (State.UNDOING, State.UNDONE):
        raise Refused(mark("The import has been undone already."))
    job.mapping = job.mapping | {"kept": 0}
    jobs.enter(job, State.UNDOING)
