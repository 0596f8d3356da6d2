"""Who runs a job: a lease in the database, so that no two processes or servers do at once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from wesentra import clock
from wesentra.models import Job
from wesentra.models.base import Base, meant_to_write
from wesentra.operations.due import State

DONE = "done"
_jobs = Base.metadata.tables[Job.__tablename__]


def take(
    engine: Engine, name: str, lease: timedelta, is_due: Callable[[State, datetime], bool]
) -> datetime | None:
    """Take the job when it is due; the end of the lease, by which it is given back.

    None when it is not due, or when somebody else has it. Whoever asks second waits for the first
    one's commit and sees its lease.
    """
    try:
        with meant_to_write(), engine.begin() as connection:
            now = clock.now()
            if not is_due(_state(connection, name), now):
                return None
            values = {"begun_at": now, "leased_until": now + lease, "outcome": ""}
            connection.execute(update(_jobs).where(_jobs.c.name == name).values(values))
            return now + lease
    except IntegrityError:
        return None  # another process has made the row of a new job, and has it


def give_back(engine: Engine, name: str, until: datetime, outcome: str) -> None:
    """Note what came of it, unless the lease ran out and somebody else has taken the job."""
    values: dict[str, object] = {"leased_until": None, "outcome": outcome}
    if outcome == DONE:
        values["done_at"] = clock.now()
    own = (_jobs.c.name == name) & (_jobs.c.leased_until == until)
    with meant_to_write(), engine.begin() as connection:
        connection.execute(update(_jobs).where(own).values(values))


def known(engine: Engine, name: str) -> State:
    """What is known of a job."""
    with engine.connect() as connection:
        row = connection.execute(_of(name)).one_or_none()
    return State(row.begun_at, row.leased_until, row.outcome == DONE) if row else State()


def _of(name: str) -> Select[datetime | None, datetime | None, str]:
    return select(_jobs.c.begun_at, _jobs.c.leased_until, _jobs.c.outcome).where(
        _jobs.c.name == name
    )


def _state(connection: Connection, name: str) -> State:
    """What is known of a job, whose row is made and held until the transaction ends."""
    row = connection.execute(_of(name).with_for_update()).one_or_none()
    if row is None:
        connection.execute(insert(_jobs).values(name=name, outcome=""))
        return State()
    return State(row.begun_at, row.leased_until, row.outcome == DONE)
