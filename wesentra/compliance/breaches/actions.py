"""What is done with breaches. A closed one changes no more."""

from datetime import date

from wesentra import clock
from wesentra.actor import current
from wesentra.audit import holds, ledger
from wesentra.compliance.breaches import policy
from wesentra.compliance.breaches.policy import Values
from wesentra.models import Breach, db
from wesentra.models.breach import BreachStatus
from wesentra.refusal import Refused
from wesentra.texts import mark

COLUMNS = (
    *("aware_at", "detected_by", "nature", "facts", "effects", "measures", "people", "records"),
    *("notified_at", "late_reason", "not_notified_reason", "told_at", "not_told_reason"),
)
"""What the form writes."""


def draft(item_id: int) -> int:
    """The number of the draft for an item of a log review; one item makes one draft."""
    known = db.session.scalar(db.select(Breach).where(Breach.item_id == item_id))
    if known is not None:
        return int(known.id)
    found = Breach(status=BreachStatus.DRAFT, item_id=item_id, detected_by="log_review")
    found.aware_at = clock.now().replace(second=0, microsecond=0)
    return _added(found)


def register(values: Values) -> int:
    """Write down a breach; returns its number."""
    policy.check(values, clock.now())
    return _added(Breach(status=BreachStatus.OPEN, **values))


def _added(breach: Breach) -> int:
    """Store a new breach. The log is kept as it is until the breach is closed (Art. 33(5))."""
    breach.created_at, breach.created_by = clock.now(), current().user_id
    db.session.add(breach)
    db.session.flush()
    current().deed("breach", "breach", [breach.id], ["created"])
    holds.place_for(breach.id, held_from())
    return breach.id


def held_from() -> date:
    """The day from which a new breach holds the log: nobody knows yet what led to it."""
    return ledger.measured_from() or clock.today()


def save(breach: Breach, values: Values, seen: int | None) -> None:
    """Write down what is known now; a draft becomes open. `seen` is the version that was edited."""
    _still_open(breach)
    if seen != breach.version:
        raise Refused(mark("Somebody else has changed this meanwhile. Open it again."))
    policy.check(values, clock.now())
    changed = [name for name in COLUMNS if getattr(breach, name) != values[name]]
    for name in changed:
        setattr(breach, name, values[name])
    breach.status = BreachStatus.OPEN
    current().deed("breach", "breach", [breach.id], changed)


def close(breach: Breach) -> None:
    """End it, and its hold on the log, when everything that the law asks is written down."""
    if breach.status == BreachStatus.CLOSED:
        return
    policy.check_whole(values_of(breach))
    breach.status, breach.closed_at = BreachStatus.CLOSED, clock.now()
    breach.closed_by = current().user_id
    current().deed("breach", "breach", [breach.id], ["closed"])
    holds.lift_with(breach.id)


def values_of(breach: Breach) -> Values:
    """What is written of a breach."""
    return {name: getattr(breach, name) for name in COLUMNS}


def _still_open(breach: Breach) -> None:
    if breach.status == BreachStatus.CLOSED:
        raise Refused(mark("This breach is closed. It does not change any more."))
