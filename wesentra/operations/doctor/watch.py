"""Whether the log is whole, the work of the night is done, and others have copies."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address

from wesentra.audit import deliveries, evidence
from wesentra.audit.deliveries import Delivery
from wesentra.audit.results import Standing
from wesentra.operations import jobs
from wesentra.operations.doctor.checked import Checked, Word, good, refused, weak, wrong
from wesentra.operations.due import State
from wesentra.receivers import syslog_address
from wesentra.settings import Settings
from wesentra.texts import mark

LOG, JOBS, COPIES = mark("Log"), mark("Jobs"), mark("Copies of the checkpoints")
DAY = timedelta(days=1)
VERIFIED = timedelta(hours=36)
"""Once a night, and half a day more for a machine that is off at night."""
RUN = mark("wesentra jobs run does it now and says what is in the way.")


def log(standing: Standing | None, now: datetime) -> list[Checked]:
    """What the last verification of the log said, and how long ago it was."""
    if standing is None:
        return [weak(LOG, mark("it was never verified."), mark("wesentra log verify"))]
    if standing.finding is not None:
        return [refused(LOG, evidence.refusal(standing.finding))]
    if now - standing.at > VERIFIED:
        said = mark("it was verified last on %(day)s.")
        return [weak(LOG, said, mark("wesentra log verify"), day=standing.at)]
    return [good(LOG, mark("whole, verified on %(day)s."), day=standing.at)]


def work(states: Mapping[str, State], now: datetime, *, by_server: bool) -> list[Checked]:
    """Whether every job ran when it was due, and well."""
    if all(state.begun_at is None for state in states.values()):
        mend = mark("Start the server: it runs them by itself.")
        if not by_server:
            mend = mark("Call wesentra jobs run every few minutes, since jobs is false.")
        return [weak(JOBS, mark("none has ever run."), mend)]
    asked = [job for job in jobs.JOBS if job.name in states]
    found = [one for job in asked if (one := _job(job, states[job.name], now)) is not None]
    return found or [good(JOBS, mark("all ran when they were due."))]


def _job(job: jobs.Job, state: State, now: datetime) -> Checked | None:
    title = Word(jobs.TITLES[job.name])
    if state.begun_at is None:
        return weak(JOBS, mark("%(job)s: has never run."), RUN, job=title)
    if now > job.when.after(state.begun_at) + DAY:
        said = mark("%(job)s: has not run since %(day)s.")
        return wrong(JOBS, said, RUN, job=title, day=state.begun_at)
    if not state.well and state.leased_until is None:
        return wrong(JOBS, mark("%(job)s: failed the last time."), RUN, job=title)
    return None


def copies(settings: Settings, served: Sequence[Delivery], *, same_disk: bool) -> list[Checked]:
    """Whether somebody beyond this machine could tell that the log was written anew.

    `same_disk`: the folder for copies lies on the disk of the instance.
    """
    elsewhere = mark(
        "Name a place on another machine: log_copies (a share), log_syslog or log_mail_to."
    )
    named = settings.log_copies or settings.log_syslog or settings.log_mail_to
    if not (named or settings.log_stdout):
        said = mark("none are made. Who can write to the database can write the log anew.")
        return [weak(COPIES, said, elsewhere)]
    failing = [one for one in served if one.failed_since is not None]
    if failing:
        said = mark("%(place)s has taken none since %(day)s.")
        places = [(Word(deliveries.PLACES[one.target]), one.failed_since) for one in failing]
        return [wrong(COPIES, said, RUN, place=place, day=since) for place, since in places]
    if not _leave(settings, same_disk=same_disk):
        return [weak(COPIES, mark("all of them stay on this machine."), elsewhere)]
    return [good(COPIES, mark("they are kept on another machine as well."))]


def _leave(settings: Settings, *, same_disk: bool) -> bool:
    """Whether any copy leaves the machine, as far as the settings tell."""
    hosts = [settings.smtp_host] if settings.log_mail_to else []
    if settings.log_syslog is not None:
        hosts.append(syslog_address(settings.log_syslog).host)
    by_folder = settings.log_copies is not None and not same_disk
    return by_folder or any(host and not _here(host) for host in hosts)


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
