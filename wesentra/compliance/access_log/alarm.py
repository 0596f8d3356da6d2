"""The red line on every page of those in charge: the log is broken, or nobody knows that it is not.

Privacy contact, administrator and auditor see it; nobody else is bothered with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flask import render_template
from flask_babel import gettext as _

from wesentra import clock
from wesentra.audit import deliveries, evidence, ledger, restorations, results
from wesentra.audit.deliveries import Delivery
from wesentra.audit.results import Standing
from wesentra.audit.verdict import Fault
from wesentra.texts import mark
from wesentra.web.formats import moment

PATIENCE = timedelta(days=3)
"""Without a verification for so long, nobody can say that the log is whole."""
AHEAD = timedelta(hours=1)
"""By so much the clocks of servers may differ."""
UNVERIFIED = mark("The access log has not been verified since %(since)s.")
NEVER = mark("The access log has never been verified; it begins on %(since)s.")
NOT_YET = mark(
    "The last verification of the access log is dated %(since)s, which is yet to come: the "
    "server's clock is wrong, or was."
)
NOT_EXPORTED = mark("Checkpoints of the access log were not copied since %(since)s: %(place)s.")


@dataclass(frozen=True)
class Alarm:
    """What is wrong, as a sentence with values; moments in it are written at the edge."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)


def panel() -> str:
    """The line for the top of a page; nothing while all is well."""
    standing = results.standing(with_since=False)
    begun = ledger.coverage().first if standing is None else None
    restored = _is(standing, Fault.RESTORED)
    if standing is not None and restored and restorations.are_seen():
        standing, restored = replace(standing, finding=None), False
    found = alarms(standing, deliveries.all_of(), begun, clock.now())
    said = [_(alarm.sentence, **_written(alarm.values)) for alarm in found]
    return render_template("log/_alarm.html", alarms=said, restored=restored) if said else ""


def _is(standing: Standing | None, fault: Fault) -> bool:
    finding = standing.finding if standing is not None else None
    return finding is not None and finding.fault == fault


def alarms(
    standing: Standing | None,
    places: Sequence[Delivery],
    begun: datetime | None,
    now: datetime,
) -> list[Alarm]:
    """What those in charge have to know; `begun` is the first entry of a log never verified."""
    found = []
    if standing is None:
        if begun is not None and now - begun > PATIENCE:
            found.append(Alarm(NEVER, {"since": begun}))
    elif standing.finding is not None:
        refused = evidence.refusal(standing.finding)
        found.append(Alarm(refused.sentence, refused.values))
    elif now - standing.at > PATIENCE:
        found.append(Alarm(UNVERIFIED, {"since": standing.at}))
    elif standing.at - now > AHEAD:
        found.append(Alarm(NOT_YET, {"since": standing.at}))
    for each in places:
        if each.failed_since is not None:
            place = deliveries.PLACES[each.target]
            found.append(Alarm(NOT_EXPORTED, {"place": place, "since": each.failed_since}))
    return found


def _written(values: Mapping[str, object]) -> dict[str, object]:
    written: dict[str, object] = {}
    for name, value in values.items():
        written[name] = moment(value) if isinstance(value, datetime) else value
    if "place" in written:
        written["place"] = _(str(written["place"]))
    return written
