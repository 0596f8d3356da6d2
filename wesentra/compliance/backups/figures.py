"""Two figures of the dashboard: when a backup was made last, and when one was last tried out.

Availability, and the test of it, are part of the security of processing (Art. 32(1)(c)-(d) GDPR).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template

from wesentra import clock
from wesentra.audit.entry import Operation
from wesentra.audit.last_days import last_day

MADE_WITHIN, TRIED_WITHIN = timedelta(days=2), timedelta(days=365)
"""So long a backup is young, and a test good."""


@dataclass(frozen=True)
class Done:
    """The last day (None: never), and whether that is too long ago."""

    on: date | None
    late: bool


def panel() -> str:
    """For the row at the top of the dashboard."""
    return render_template(
        "backups/_figures.html",
        made=done(Operation.BACKUP, MADE_WITHIN),
        tried=done(Operation.RESTORE_TEST, TRIED_WITHIN),
    )


def done(operation: Operation, within: timedelta) -> Done:
    """When it was done last, and whether it is time again."""
    on = last_day(operation)
    return Done(on, on is None or clock.today() - on > within)
