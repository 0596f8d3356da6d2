"""What is done about dates and runs; nothing is committed here."""

from collections.abc import Mapping
from datetime import date

from wesentra import clock
from wesentra.actor import current
from wesentra.audit.entry import Operation
from wesentra.models import Company, Contact, RetentionRun
from wesentra.models.retention_run import RunState
from wesentra.refusal import Refused
from wesentra.texts import mark


def count_from(one: Contact | Company, days: Mapping[str, date | None]) -> None:
    """Say on which days the role, the contract or the invoices ended; the date follows."""
    changed = {name: day for name, day in days.items() if getattr(one, name) != day}
    for name, day in changed.items():
        setattr(one, name, day)
    if changed:
        one.updated_at = clock.now()


def approve(run: RetentionRun) -> None:
    """Give one's word that as many may go as the run that stopped has counted.

    A second time changes nothing; refused for a run that did not stop.
    """
    if run.state != RunState.STOPPED:
        raise Refused(mark("This run did not stop."))
    if run.approved_at is None:
        run.approved_at, run.approved_by = clock.now(), current().user_id
        current().deed(Operation.RETENTION, "retention_run", [run.id], ["approved"])
