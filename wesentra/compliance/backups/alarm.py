"""The red line about backups, for those in charge: one that was to be made at night was not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy import select

from wesentra import clock
from wesentra.audit.entry import Operation
from wesentra.audit.last_days import last_day
from wesentra.models import Job, db
from wesentra.texts import mark
from wesentra.web.formats import day

JOB = "backup"
WITHIN = timedelta(days=2)
"""So old may the newest be; `figures.MADE_WITHIN` is the same."""
WELL = ("", "done")
"""A job that runs, or that ended well."""
FAILED = mark("The last backup by night failed. wesentra jobs run says what is in the way.")
OLD = mark("The last backup of the register was made on %(day)s.")
NEVER = mark("No backup of the register has been made yet.")


@dataclass(frozen=True)
class Known:
    """What is known of backups: whether the settings name a folder for them, what came of the
    last one at night (None: there was none yet) and the last day on which one was made."""

    wanted: bool
    outcome: str | None
    last: date | None


def panel() -> str:
    """The line for the top of a page; nothing while all is well, or where none are asked for."""
    wanted = current_app.extensions["wesentra_settings"].backup_folder is not None
    if not wanted:
        return ""
    outcome = db.session.scalar(select(Job.outcome).where(Job.name == JOB))
    known = Known(wanted, outcome, last_day(Operation.BACKUP))
    said = [_(sentence, day=day(known.last)) for sentence in sentences(known, clock.today())]
    return render_template("backups/_alarm.html", alarms=said) if said else ""


def sentences(known: Known, today: date) -> Sequence[str]:
    """What those in charge have to know. Pure."""
    if not known.wanted:
        return []
    found = [FAILED] if known.outcome is not None and known.outcome not in WELL else []
    if known.last is None:
        return [*found, NEVER] if found else []
    return [*found, OLD] if today - known.last > WITHIN else found
