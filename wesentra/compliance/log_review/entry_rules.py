"""The rules that look at one entry. Each is pure and says None or what it found.

An *opening* is an entry of a page that shows one person, or several as a company's does; lists and
searches are told apart from it.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from wesentra.audit.ledger import Operation
from wesentra.audit.spans import Row
from wesentra.compliance.log_review.records import Context, Found
from wesentra.limits import ReviewLimits
from wesentra.worktime import is_unusual

HANDLES = (Operation.VIEW, Operation.UPDATE, Operation.DELETE)
WORK = (
    *(Operation.VIEW, Operation.LIST, Operation.SEARCH, Operation.EXPORT),
    *(Operation.CREATE, Operation.UPDATE, Operation.DELETE),
)
OWN_REVIEW = "log_review."
"""The addresses of the review itself: that they read the log is no finding."""
MONTH = timedelta(days=30)

Rule = Callable[[Row, Context, ReviewLimits], Found | None]


def opened(row: Row) -> tuple[int, ...]:
    """The people whom an opening shows, by number; nobody for every other entry."""
    if row.operation != Operation.VIEW or row.subject_type != "contact":
        return ()
    return tuple(row.ids())


def only(people: Sequence[int]) -> int | None:
    """The one whom it is about; None when it is about nobody or several."""
    return people[0] if len(people) == 1 else None


def without_contact(row: Row, context: Context, limits: ReviewLimits) -> Found | None:
    """R1: opened without a contact or a task of the user's near that day.

    One with anybody on a page explains the page. The work with somebody who was erased since went
    with them: then nothing can be said but that.
    """
    people = opened(row)
    if not people or row.actor_id is None:
        return None
    near = timedelta(days=limits.review_contact_days)
    work = (at for one in people for at in context.work.get((row.actor_id, one), ()))
    if any(abs(at - row.at) <= near for at in work):
        return None
    if context.people is not None and not set(people) <= context.people:
        return Found(None, {"erased": 1})
    facts = {"people": len(people)} if len(people) > 1 else {}
    return Found(only(people), {"days": limits.review_contact_days, **facts})


def same_surname(row: Row, context: Context, _limits: ReviewLimits) -> Found | None:
    """R2: the person has the user's surname."""
    for contact in _handled(row) if context.surnames else ():
        if row.actor_id in context.surnames.get(contact, ()):
            return Found(contact)
    return None


def own_or_colleague(row: Row, context: Context, _limits: ReviewLimits) -> Found | None:
    """R3: the person has the whole name of the user or of a colleague."""
    for contact in _handled(row) if context.namesakes else ():
        if contact in context.namesakes:
            return Found(contact, {"own": int(context.namesakes[contact] == row.actor_id)})
    return None


def odd_time(row: Row, _context: Context, limits: ReviewLimits) -> Found | None:
    """R4: early, late, at the weekend or on a holiday, by the clock in Finland."""
    if row.actor_id is None or row.operation not in WORK:
        return None
    if not is_unusual(row.at, limits):
        return None
    return Found(None, {"begin": limits.review_hour_from, "end": limits.review_hour_to})


def taken_out(row: Row, _context: Context, _limits: ReviewLimits) -> Found | None:
    """R6: people left as a file."""
    return Found() if row.operation == Operation.EXPORT else None


def restricted_or_former(row: Row, context: Context, limits: ReviewLimits) -> Found | None:
    """R8: a restricted person was opened, or a former customer of long ago."""
    if row.operation == Operation.VIEW and row.reason_id is not None:
        return Found(next(iter(row.ids()), None), {"restricted": 1})
    long_ago = limits.review_former_months * MONTH
    for contact in _handled(row) if context.former else ():
        since = context.former.get(contact)
        if since is not None and row.at - since > long_ago:
            return Found(contact, {"months": limits.review_former_months})
    return None


def new_source(row: Row, context: Context, limits: ReviewLimits) -> Found | None:
    """R9: from a network address that the user did not use before; a new user has no usual one."""
    usual = context.sources.get(row.actor_id or 0)
    if row.channel != "web" or not usual or row.source in usual:
        return None
    return Found(None, {"days": limits.review_source_days})


def before_leaving(row: Row, context: Context, limits: ReviewLimits) -> Found | None:
    """R10: people were handled shortly before the account was closed."""
    closed = context.leaving.get(row.actor_id or 0)
    if closed is None or row.operation not in WORK or row.subject_type != "contact":
        return None
    days = limits.review_leaving_days
    return Found(None, {"days": days}) if 0 <= (closed - row.at).days < days else None


def denied(row: Row, _context: Context, _limits: ReviewLimits) -> Found | None:
    """R11: something was denied or failed; several on one day are a hit."""
    return Found() if row.outcome != "done" else None


def no_purpose(row: Row, context: Context, _limits: ReviewLimits) -> Found | None:
    """R13: people were handled for a purpose that is missing or in no record."""
    handled = row.operation in WORK and row.actor_id is not None
    return Found() if handled and row.purpose not in context.purposes else None


def log_read(row: Row, _context: Context, _limits: ReviewLimits) -> Found | None:
    """The log was read or taken out; the review itself and one's own log are no finding."""
    if row.operation not in (Operation.LOG_READ, Operation.LOG_EXPORT):
        return None
    own = row.subject_type == "user" and row.ids() == [row.actor_id]
    return None if own or row.endpoint.startswith(OWN_REVIEW) else Found()


def _handled(row: Row) -> list[int]:
    by_user = row.actor_id is not None and row.subject_type == "contact"
    return row.ids() if by_user and row.operation in HANDLES else []
