"""Work that is done by itself, each job in its own name and with its own trace.

`wesentra jobs run` does whatever is due; the server calls it every few minutes.
"""

import logging
import socket
import traceback
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.models.base import db, meant_to_write
from wesentra.operations import erasing, leases, log_watch, minimisation, retention, unusable
from wesentra.operations.backups import keeping
from wesentra.operations.committing import commit
from wesentra.operations.due import Daily, Every, State, is_due, is_run, next_due
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

HALF_AN_HOUR, AN_HOUR = timedelta(minutes=30), timedelta(hours=1)
SYSTEM = "system"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """One piece of work: its name, when it is due, why it is done, and what is done.

    `lease` is longer than it ever takes: after that another process takes it over. `changes` says
    that it writes to the register through the session. The work raises Refused with a sentence
    when it could not be done. `lacks` tells that something waits for it: it is due at once. What
    the settings do not ask for is not `wanted`.
    """

    name: str
    when: Daily | Every
    purpose: str
    work: Callable[[Settings], None]
    lease: timedelta = HALF_AN_HOUR
    changes: bool = False
    lacks: Callable[[Settings], bool] = lambda _settings: False
    wanted: Callable[[Settings], bool] = lambda _settings: True


JOBS = (
    Job("backup", Daily(2), "maintenance", keeping.make, lease=AN_HOUR, wanted=keeping.is_wanted),
    Job("log_verification", Daily(3), "log_review", log_watch.verify),
    Job("log_checkpoint", Daily(3), "log_review", log_watch.sign),
    # Before old entries go, which say what was used.
    Job("minimisation", Daily(3), "maintenance", minimisation.run, lacks=minimisation.lacks),
    Job("log_prune", Daily(3), "log_review", log_watch.prune),
    Job(
        "log_copies",
        Every(timedelta(minutes=4)),
        "log_review",
        log_watch.copy,
        lacks=log_watch.lacks,
    ),
    Job("departures", Daily(3), "maintenance", erasing.leave, changes=True),
    Job(
        "retention",
        Daily(4),
        "maintenance",
        retention.run,
        lease=timedelta(hours=4),
        lacks=retention.lacks,
    ),
    Job("erasure_ledger", Daily(3), "maintenance", erasing.reconcile),
    Job(
        "erasure_residue",
        Every(timedelta(minutes=4)),
        "maintenance",
        erasing.clear,
        lacks=erasing.lacks,
    ),
)
"""In the order in which they run when several are due."""
TITLES = {
    "backup": mark("Backup"),
    "log_verification": mark("Verification of the log"),
    "log_checkpoint": mark("Signature of the log"),
    "minimisation": mark("Count of the fields that are used"),
    "log_prune": mark("Removal of old entries of the log"),
    "log_copies": mark("Copies of the checkpoints"),
    "retention": mark("Retention run"),
    "departures": mark("Erasure of those whose waiting is over"),
    "erasure_ledger": mark("Comparison of the ledger of erasures"),
    "erasure_residue": mark("Clearing of what is left of the erased"),
}
"""What the jobs are called."""


@dataclass(frozen=True)
class Result:
    """What became of a job: whether it `ran` (else it was not due, or another process has it),
    why it was not done as far as that can be said, and when it comes due next if that is known.

    Of a job that another process runs, `busy` is the moment after which it is taken over.
    """

    job: str
    ran: bool
    refused: Refused | None = None
    due: datetime | None = None
    busy: datetime | None = None


def run_due(settings: Settings, jobs: Sequence[Job] = JOBS) -> list[Result]:
    """Run what is due, one after the other, inside the application; what failed stops nobody."""
    return [_run(job, settings) for job in jobs if job.wanted(settings)]


def _run(job: Job, settings: Settings) -> Result:
    try:
        until = leases.take(db.engine, job.name, job.lease, _due(job, settings))
        refused = None
        if until is not None:
            outcome, refused = _outcome(job, settings)
            leases.give_back(db.engine, job.name, until, outcome)
        return _result(job, until is not None, refused)
    except SQLAlchemyError as error:  # nobody knows whose the job is; its lease will end
        return Result(job.name, True, _broken(job, error))


def _due(job: Job, settings: Settings) -> Callable[[State, datetime], bool]:
    """Whether to run the job. What it lacks is asked before the row is held, for the answer may
    come from a slow share; it counts only as long as nobody has begun or ended the job since.
    """
    seen = leases.known(db.engine, job.name)
    lacks = _lacks(job, settings)
    return lambda state, now: is_due(job.when, state, now, job.lease, lacks=lacks and state == seen)


def _lacks(job: Job, settings: Settings) -> bool:
    try:
        return job.lacks(settings)
    except SQLAlchemyError:
        raise
    except Exception:  # noqa: BLE001 - the work itself will say what is wrong
        return True


def _result(job: Job, ran: bool, refused: Refused | None) -> Result:
    state, now = leases.known(db.engine, job.name), clock.now()
    if is_run(state, now, job.lease):
        return Result(job.name, ran, refused, busy=state.leased_until)
    return Result(job.name, ran, refused, due=next_due(job.when, state, now))


def _outcome(job: Job, settings: Settings) -> tuple[str, Refused | None]:
    """Do the work: a code of what came of it, and the refusal if it was not done."""
    try:
        _work(job, settings)
    except Refused as refusal:
        return "refused", refusal
    except Exception as error:  # noqa: BLE001 - whatever it is, the other jobs run
        outcome = "database" if isinstance(error, SQLAlchemyError) else "broken"
        return outcome, _broken(job, error)
    return leases.DONE, None


def _broken(job: Job, error: Exception) -> Refused:
    """Say where a job broke and what kind of error it was; its words may hold values."""
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("the job %s broke: %s\n%s", job.name, type(error).__name__, places)
    if isinstance(error, OperationalError):  # full, locked: it has a sentence
        return unusable.refusal(error)
    return Refused(mark("It broke (%(kind)s)."), kind=type(error).__name__)


def _work(job: Job, settings: Settings) -> None:
    acting = Acting(
        user_id=None,
        role=SYSTEM,
        purpose=job.purpose,
        request_id=str(uuid.uuid4()),
        channel="job",
        source=socket.gethostname()[:80],
        endpoint=job.name,
    )
    try:
        with meant_to_write(job.changes), acting_as(acting):
            try:
                job.work(settings)
            except BaseException:
                commit(changes=False)
                raise
            commit(changes=job.changes)
    finally:
        db.session.remove()
