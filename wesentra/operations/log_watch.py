"""How the access log watches itself: its jobs. Each leaves an entry in the log it looks after."""

from wesentra.actor import current
from wesentra.audit import evidence, pruning, results
from wesentra.audit.copies import Copies
from wesentra.audit.targets import targets_of
from wesentra.models.base import db
from wesentra.settings import Settings


def verify(settings: Settings) -> None:
    """Walk the whole log and store the result. Raises Refused that names the first bad entry."""
    verdict = evidence.examined(db.engine, settings, "job")
    outcome = "fault" if verdict.finding else "done"
    current().event("log_read", "log", fields=["verified"], outcome=outcome)
    if verdict.finding is not None:
        raise evidence.refusal(verdict.finding)


def sign(settings: Settings) -> None:
    """Sign the log as it is and bring every place what it lacks, mail included.

    The entry about it makes sure that there is something to sign tomorrow, so that a place which
    hears nothing for a day knows that something is wrong. Raises Refused for a place that failed.
    """
    current().event("log_read", "log", fields=["checkpoint"])
    evidence.checkpoint(db.engine, settings, daily=True)


def prune(settings: Settings) -> None:
    """Let the entries go that are older than the settings keep them and that no hold keeps.

    None of a log with a known fault: the verification said it.
    """
    known = results.standing(with_since=False)
    db.session.rollback()
    if known is not None and known.finding is not None:
        return
    pruning.prune(settings.instance, settings.log_months)


def lacks(settings: Settings) -> bool:
    """Whether a place for copies lacks something, or is known and not in the settings any more."""
    return Copies(targets_of(settings)).lack(db.engine)


def copy(settings: Settings) -> None:
    """Make up for what a place did not take before. Raises Refused while it still does not."""
    copies = Copies(targets_of(settings))
    copies.forget_others(db.engine)
    if copies.bring(db.engine):
        current().event("log_read", "log", fields=["copied"])
