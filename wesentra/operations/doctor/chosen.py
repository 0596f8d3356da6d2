"""Settings that are allowed and yet weak. Pure."""

from wesentra.operations.doctor.checked import Checked, good, weak
from wesentra.reach import networks
from wesentra.settings import Settings
from wesentra.texts import mark

WHAT = mark("Settings")
SESSION_HOURS, IDLE_MINUTES = 24, 240
"""A session longer than this outlives the day's work, or the browser somebody left open."""
LEAST_MONTHS, MOST_MONTHS = 24, 36
"""Minor data protection offences lapse in two years; the log is data about the staff as well."""


def check(settings: Settings) -> list[Checked]:
    """Whatever somebody has to have a reason for."""
    found = [
        *_sessions(settings),
        *_months(settings.log_months),
        *_name(settings.controller_name),
        *_proxies(settings.trusted_proxies),
    ]
    return found or [good(WHAT, mark("nothing is set more loosely than usual."))]


def _sessions(settings: Settings) -> list[Checked]:
    found = []
    if settings.session_hours > SESSION_HOURS:
        said = mark("a session lasts %(given)s hours.")
        mend = mark("Set session_hours to %(most)s or less: 12 is a day’s work.")
        values = {"given": settings.session_hours, "most": SESSION_HOURS}
        found.append(weak(WHAT, said, mend, **values))
    if settings.session_idle_minutes > IDLE_MINUTES:
        said = mark("an unused session lasts %(given)s minutes.")
        mend = mark("Set session_idle_minutes to %(most)s or less: 60 is usual.")
        values = {"given": settings.session_idle_minutes, "most": IDLE_MINUTES}
        found.append(weak(WHAT, said, mend, **values))
    return found


def _months(months: int) -> list[Checked]:
    if months < LEAST_MONTHS:
        said = mark("the log is kept for %(months)s months only.")
        mend = mark(
            "Set log_months to 24: a data protection offence can be prosecuted for two years."
        )
        return [weak(WHAT, said, mend, months=months)]
    if months > MOST_MONTHS:
        said = mark("the log is kept for %(months)s months.")
        mend = mark("Set log_months to 24, or write down why the staff is logged for so long.")
        return [weak(WHAT, said, mend, months=months)]
    return []


def _name(name: str) -> list[Checked]:
    """People are told who holds their data: not an invented company."""
    if name != Settings.controller_name:
        return []
    said = mark("people are told that %(name)s holds their data, which is an invented name.")
    return [weak(WHAT, said, mark("Set controller_name to the company’s name."), name=name)]


def _proxies(trusted: tuple[str, ...]) -> list[Checked]:
    """Whoever is named here says whose request it is: a network lets all its machines say it."""
    wide = [str(network) for network in networks(trusted) if network.num_addresses > 1]
    if not wide:
        return []
    said = mark("every machine in %(networks)s can say that somebody else asks.")
    mend = mark("Name the addresses of the proxies alone in trusted_proxies.")
    return [weak(WHAT, said, mend, networks=", ".join(wide))]
