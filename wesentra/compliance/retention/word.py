"""Somebody's word that more may go in a run than usual (`policy.Limit`): when a run needs one, and
for how many it was given."""

from datetime import date, timedelta

from sqlalchemy import func, select

from wesentra.compliance.retention import rules, state
from wesentra.compliance.retention.plan import Plan
from wesentra.models import RetentionRun, db

WORD_DAYS = 2
"""So long somebody's word holds."""


def lacks(made: Plan, run: RetentionRun | None) -> bool:
    """Whether more go on one day than may without somebody's word, with those who went already."""
    gone = state.gone(run) if run else 0
    going, everybody = made.number() + gone, made.everybody + gone
    return rules.limit().exceeded(going, everybody, approved(made.day))


def approved(day: date) -> int:
    """For how many somebody gave their word of late, when a run had stopped.

    It was given under the rules of that day and holds under no others. Once a run of another day
    has ended well it is used up; on its own day those who went by it are counted in.
    """
    since = RetentionRun.day >= day - timedelta(days=WORD_DAYS)
    query = select(RetentionRun).where(since, RetentionRun.approved_at.is_not(None))
    ended, now = db.session.scalar(select(func.max(RetentionRun.ended_at))), rules.as_kept()
    given = [
        run
        for run in db.session.scalars(query)
        if run.rules == now and run.approved_at is not None
        if run.day == day or ended is None or ended < run.approved_at
    ]
    return max((int(run.counts["due"]) for run in given), default=0)
