"""The nightly run of retention, as a job."""

from wesentra import clock
from wesentra.compliance.retention import run as retention_run
from wesentra.compliance.retention import state
from wesentra.models.base import db
from wesentra.models.retention_run import RunState
from wesentra.settings import Settings


def run(_settings: Settings) -> None:
    """Let those go whose day has come; after the run of the day only dates follow changed rules.

    Raises Refused where a run stopped because of its size.
    """
    today = clock.today()
    done = state.of(today)
    if done is not None and done.state == RunState.DONE:
        retention_run.follow(done)
    else:
        retention_run.carry_out(today)


def lacks(_settings: Settings) -> bool:
    """Whether a rule was changed, a stopped run was let go on, or one was cut off."""
    try:
        return state.waits(clock.today())
    finally:
        db.session.rollback()  # the work begins a transaction of its own, as whoever acts
