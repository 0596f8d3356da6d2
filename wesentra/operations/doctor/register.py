"""What the register itself says: its people in charge, its clock, its log. Inside `acting`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from wesentra import clock
from wesentra.accounts import queries, required_factors
from wesentra.audit import deliveries, results
from wesentra.audit.entry import LogEntry, Operation
from wesentra.audit.last_days import last_day
from wesentra.models.base import db
from wesentra.models.codes import Role
from wesentra.operations import jobs, leases
from wesentra.operations.backups import postgresql
from wesentra.operations.doctor import backups, erasures, watch
from wesentra.operations.doctor.checked import Checked, good, weak, wrong
from wesentra.settings import Settings
from wesentra.texts import mark

PEOPLE, CLOCK = mark("People in charge"), mark("Clock")
FACTORS = mark("Second factors")
AHEAD = timedelta(minutes=10)
"""By so much the log lets a clock be behind its last entry without saying a word."""
APART = timedelta(minutes=1)
IN_CHARGE = {
    Role.ADMIN: (
        mark("nobody is administrator."),
        mark("only one person is administrator."),
        mark("wesentra user grant NAME admin"),
    ),
    Role.PRIVACY: (
        mark("nobody is privacy contact."),
        mark("only one person is privacy contact."),
        mark("wesentra user grant NAME privacy"),
    ),
}
"""By role: what is said of none and of one, and what mends it."""


def of_register(settings: Settings) -> list[Checked]:
    """Everything that only the register can tell."""
    now = clock.now()
    states = {
        job.name: leases.known(db.engine, job.name) for job in jobs.JOBS if job.wanted(settings)
    }
    admins, privacy = (queries.holders_on((role,), now) for role in IN_CHARGE)
    found = [
        *watch.log(results.standing(with_since=False), now),
        *watch.work(states, now, by_server=settings.jobs),
        *erasures.of_register(settings),
        *watch.copies(settings, deliveries.all_of(), same_disk=_same_disk(settings)),
        *backups.schemas(_aside()),
        *backups.tried(last_day(Operation.RESTORE_TEST), clock.today()),
        *people(admins, privacy),
        *factors(required_factors.roles()),
        *time(now, _newest(), _of_database()),
    ]
    db.session.rollback()
    return found


def _same_disk(settings: Settings) -> bool:
    folder = settings.log_copies
    try:
        return folder is not None and folder.stat().st_dev == settings.instance.stat().st_dev
    except OSError:  # away for now: a share
        return False


def _newest() -> datetime | None:
    newest = select(LogEntry.at).order_by(LogEntry.id.desc()).limit(1)
    return db.session.scalar(newest)


def _aside() -> list[str]:
    """Schemas that a restore has moved aside; a file's folders lie beside it."""
    if db.engine.dialect.name == "sqlite":
        return []
    query = text("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, :aside) ORDER BY 1")
    return list(db.session.scalars(query, {"aside": postgresql.ASIDE}))


def _of_database() -> datetime | None:
    """What time the database's server has; a file has this machine's."""
    if db.engine.dialect.name == "sqlite":
        return None
    said: datetime | None = db.session.scalar(select(func.clock_timestamp()))
    return said


def people(admins: int, privacy: int) -> list[Checked]:
    """Whether somebody opens accounts and somebody answers for people's data, and who stands in."""
    found = []
    for (nobody, one, mend), count in zip(IN_CHARGE.values(), (admins, privacy), strict=True):
        if count == 0:
            found.append(wrong(PEOPLE, nobody, mend))
        elif count == 1:
            found.append(weak(PEOPLE, one, mend))
    if found:
        return found
    said = mark("%(admins)s administrators, %(privacy)s privacy contacts.")
    return [good(PEOPLE, said, admins=admins, privacy=privacy)]


def factors(required: Sequence[str]) -> list[Checked]:
    """Whether a password alone opens everybody's data or everybody's account."""
    if all(role.value in required for role in IN_CHARGE):
        return [good(FACTORS, mark("administrator and privacy contact need one."))]
    said = mark("an administrator or privacy contact comes in by a password alone.")
    mend = mark("Require one for both roles: on the page of users, under Second factor.")
    return [weak(FACTORS, said, mend)]


def time(now: datetime, newest: datetime | None, of_database: datetime | None) -> list[Checked]:
    """Whether the clock agrees with the log's `newest` entry and with the database's server."""
    mend = mark("Set the clock by a time server, for example: timedatectl set-ntp true")
    if newest is not None and newest - now > AHEAD:
        said = mark("the log’s last entry is of %(day)s: the clock was ahead, or is behind now.")
        return [wrong(CLOCK, said, mend, day=newest)]
    if of_database is not None and abs(of_database - now) > APART:
        said = mark("this machine and the database’s differ by %(seconds)s seconds.")
        seconds = round(abs(of_database - now).total_seconds())
        return [weak(CLOCK, said, mend, seconds=seconds)]
    return [good(CLOCK, mark("it agrees with the log."))]
