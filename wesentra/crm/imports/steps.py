"""The steps of an import. Each looks first, without holding up anybody, and gives back what is
then to be done in one short transaction; None when the import waits or is at its end."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from wesentra import clock
from wesentra.crm.imports import candidates, jobs, publishing, staging, store, undoing
from wesentra.crm.imports.memory import Memory
from wesentra.crm.imports.raw import RawRow
from wesentra.crm.imports.record import Record
from wesentra.crm.imports.rows import Read, check
from wesentra.crm.imports.staging import Staged
from wesentra.crm.imports.states import Outcome, State
from wesentra.models import ImportJob

Step = Callable[[], None]

_FORESEEN = {
    Outcome.CREATED: Outcome.CREATE,
    Outcome.UPDATED: Outcome.UPDATE,
    Outcome.UNCHANGED: Outcome.SAME,
}
_COUNTED = {
    Outcome.CREATE: "created",
    Outcome.CREATED: "created",
    Outcome.UPDATE: "updated",
    Outcome.UPDATED: "updated",
    Outcome.SAME: "skipped",
    Outcome.UNCHANGED: "skipped",
    Outcome.DUPLICATE: "skipped",
    Outcome.REJECTED: "rejected",
}


def following(job_id: int, size: int, memory: Memory) -> Step | None:
    """The next step of an import over at most `size` rows."""
    job = jobs.get(job_id)
    if job.state == State.CHECKING:
        return _checking(job, size, memory)
    if job.state == State.APPLYING:
        return _applying(job, size)
    if job.state == State.PUBLISHING:
        return partial(publishing.publish, job.id, 2 * size)
    if job.state == State.UNDOING:
        return partial(undoing.undo, job.id, size)
    return None


def staging_of(job: ImportJob, rows: Sequence[RawRow], memory: Memory | None) -> Step:
    """The step that stages rows as they come from the file; with `memory` they are checked at
    once, because the columns are known."""
    staged = (
        [staging.raw(row) for row in rows]
        if memory is None
        else _check(job, rows, memory, keep_cells=False)
    )

    def stage() -> None:
        own = jobs.locked(job.id)
        jobs.demand(own, State.READING)  # it may have been undone meanwhile
        staging.add(own.id, staged)
        own.rows += len(staged)
        _count(own, staged)
        jobs.touch(own)

    return stage


def _checking(job: ImportJob, size: int, memory: Memory) -> Step:
    at_line = job.at_line
    rows = staging.next_raw(job.id, at_line, size)
    staged = _check(job, rows, memory, keep_cells=True)

    def keep() -> None:
        own = jobs.still(job.id, State.CHECKING, at_line)
        if own is None:
            return
        staging.replace(own.id, staged)
        _count(own, staged)
        own.applied += len(staged)
        _go_on(own, [row["line"] for row in staged], State.CHECKED)

    return keep


def _check(
    job: ImportJob, rows: Sequence[RawRow], memory: Memory, keep_cells: bool
) -> list[Staged]:
    """What each row is, and what would become of it."""
    columns, defaults = jobs.columns_of(job), jobs.defaults_of(job)
    known: Read = {}
    found = [check(row, columns, defaults, known) for row in rows]
    records = [record for record in found if isinstance(record, Record)]
    outcomes = iter(_outcomes(job, records, memory))
    return [
        staging.checked(
            row,
            record,
            next(outcomes) if isinstance(record, Record) else Outcome.REJECTED,
            keep_cells,
        )
        for row, record in zip(rows, found, strict=True)
    ]


def _outcomes(job: ImportJob, records: Sequence[Record], memory: Memory) -> list[Outcome]:
    """What would become of each record."""
    plan = candidates.plan_for(records, job.id) if memory.foresees else None
    outcomes = []
    for record in records:
        outcome = _FORESEEN[plan.take(record).outcome] if plan else Outcome.CREATE
        if memory.is_repeated(record):
            outcome = Outcome.DUPLICATE
        elif plan and memory.has_named(record) and outcome is Outcome.CREATE:
            outcome = Outcome.UPDATE
        outcomes.append(outcome)
    return outcomes


def _applying(job: ImportJob, size: int) -> Step:
    at_line = job.at_line
    rows = staging.next_records(job.id, at_line, size)
    for _, record in rows:
        record.make_keys()

    def apply() -> None:
        own = jobs.still(job.id, State.APPLYING, at_line)
        if own is None:
            return
        plan = candidates.plan_for([record for _, record in rows], own.id)
        taken = [(line, plan.take(record)) for line, record in rows]
        if objecting := store.write(plan, own.id, clock.now()):
            before = own.mapping.get("objecting", 0)
            own.mapping = own.mapping | {"objecting": before + objecting}
        done = [staging.applied(line, result) for line, result in taken]
        staging.finish(own.id, done)
        _count(own, done)
        own.applied += len(done)
        _go_on(own, [line for line, _ in rows], State.PUBLISHING)

    return apply


def _go_on(job: ImportJob, lines: Sequence[int], then: State) -> None:
    """Move on behind `lines`, or into the next state when there were none."""
    if lines:
        job.at_line = lines[-1]
        jobs.touch(job)
    else:
        jobs.enter(job, then)


def _count(job: ImportJob, rows: Sequence[Staged]) -> None:
    for outcome, count in Counter(row["outcome"] for row in rows).items():
        if outcome in _COUNTED:
            name = _COUNTED[Outcome(outcome)]
            setattr(job, name, getattr(job, name) + count)
