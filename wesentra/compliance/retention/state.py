"""How retention stands: the last runs, what waits for one, and who has no date."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import func, select

from wesentra.compliance.retention import rules
from wesentra.models import Company, Contact, RetentionDue, RetentionRun, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import IDS_END
from wesentra.models.retention_run import RunState
from wesentra.refusal import NotFound
from wesentra.texts import mark

SHOWN = 14
FOLLOWED = "followed"
"""In the counts of a run: the newest version of a rule that the dates follow since it ended."""


def runs() -> Sequence[RetentionRun]:
    """The last runs, the newest first."""
    return db.session.scalars(
        select(RetentionRun).order_by(RetentionRun.day.desc()).limit(SHOWN)
    ).all()


def last() -> RetentionRun | None:
    """The newest run."""
    return db.session.scalar(select(RetentionRun).order_by(RetentionRun.day.desc()).limit(1))


def of(day: date) -> RetentionRun | None:
    """The run of a day."""
    return db.session.scalar(select(RetentionRun).where(RetentionRun.day == day))


def gone(run: RetentionRun) -> int:
    """How many contacts and companies went in a run so far."""
    return sum(int(run.counts.get(f"gone.{kind}", 0)) for kind in ("contact", "company"))


def get(run_id: int) -> RetentionRun:
    """One run; raises NotFound."""
    found = db.session.get(RetentionRun, run_id) if 0 < run_id < IDS_END else None
    if found is None:
        raise NotFound(mark("There is no run with this number."))
    return found


def stopped(day: date) -> RetentionRun | None:
    """The run of today that stopped and that nobody let go on yet."""
    own = RetentionRun.day == day, RetentionRun.state == RunState.STOPPED
    return db.session.scalar(select(RetentionRun).where(*own, RetentionRun.approved_at.is_(None)))


def waits(day: date) -> bool:
    """Whether something waits for a run: rules that are newer than the last one, one that was let
    go on, one that was cut off, or the very first."""
    newest = last()
    if newest is None:
        return True
    known = max((rule["id"] for rule in newest.rules), default=0)
    changed = rules.newest() > max(known, newest.counts.get(FOLLOWED, 0))
    approved = newest.state == RunState.STOPPED and newest.approved_at is not None
    return changed or newest.state == RunState.RUNNING or (approved and newest.day <= day)


@cache
def _counted(class_: type[Contact] | type[Company]) -> Any:
    return select(func.count()).select_from(class_)


def undated() -> int:
    """How many contacts and companies have no date. A figure that is not 0 is a fault."""
    about = seen_by_program("figure")
    everybody = sum(
        db.session.scalar(_counted(class_), execution_options=about) or 0
        for class_ in (Contact, Company)
    )
    return everybody - (db.session.scalar(select(func.count()).select_from(RetentionDue)) or 0)
