"""Carrying an import forward, one short transaction after the other.

The one place where a commit stands outside the unit of work of a request: an import is many
units, so that nobody's look or save waits for longer than one of them.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from wesentra.crm.imports import jobs, steps
from wesentra.crm.imports.memory import Memory
from wesentra.crm.imports.raw import RawRow
from wesentra.models import ImportJob, db
from wesentra.models.base import writing

FIRST_SIZE = 200
SMALLEST_SIZE = 200
"""Rows below which a transaction gets no shorter: its statements and entries cost by themselves."""

LARGEST_SIZE = 1000
TARGET_SECONDS = 0.05
"""How long one transaction may hold the write lock; half of what the product promises."""

REST = 0.2
LONGEST_REST = 0.02
"""Rest after a transaction, as a share of its length and in seconds: others get the lock."""

Tell = Callable[[ImportJob], None]


class Pace:
    """How many rows a transaction takes, so that it stays short on this machine."""

    def __init__(self) -> None:
        self.size = FIRST_SIZE
        self.longest = 0.0

    def do(self, step: steps.Step) -> None:
        """Do one step in a transaction of its own, learn from its length, and rest."""
        db.session.rollback()  # ends the look that prepared the step
        token = writing.set(True)
        started = time.perf_counter()
        try:
            step()
            db.session.commit()
        finally:
            writing.reset(token)
        took = time.perf_counter() - started
        self.longest = max(self.longest, took)
        fitting = int(self.size * TARGET_SECONDS / max(took, 0.001))
        self.size = max(SMALLEST_SIZE, min(fitting, 2 * self.size, LARGEST_SIZE))
        time.sleep(min(took * REST, LONGEST_REST))


def run(job_id: int, tell: Tell = lambda job: None, memory: Memory | None = None) -> ImportJob:
    """Do every step that is due; `tell` is called after each. Ends where a person decides."""
    pace = Pace()
    memory = memory or Memory()
    while (step := _look(job_id, pace, memory)) is not None:
        pace.do(step)
        tell(jobs.get(job_id))
    return jobs.get(job_id)


def read(
    job_id: int, rows: Iterable[RawRow], memory: Memory | None, tell: Tell = lambda job: None
) -> ImportJob:
    """Stage the rows of a file; with `memory` the columns are known and each row is checked."""
    pace = Pace()
    left = iter(rows)
    while batch := list(islice(left, pace.size)):
        pace.do(_reading(job_id, batch, memory))
        tell(jobs.get(job_id))
    return jobs.get(job_id)


def _look(job_id: int, pace: Pace, memory: Memory) -> steps.Step | None:
    with _only_reading():
        return steps.following(job_id, pace.size, memory)


def _reading(job_id: int, batch: list[RawRow], memory: Memory | None) -> steps.Step:
    with _only_reading():
        return steps.staging_of(jobs.get(job_id), batch, memory)


@contextmanager
def committed() -> Iterator[None]:
    """One decision outside a request (the command line), in a transaction of its own."""
    db.session.rollback()
    token = writing.set(True)
    try:
        yield
        db.session.commit()
    finally:
        writing.reset(token)


@contextmanager
def _only_reading() -> Iterator[None]:
    """Look without the write lock, also where the whole command is going to write."""
    db.session.rollback()
    token = writing.set(False)
    try:
        yield
    finally:
        writing.reset(token)
