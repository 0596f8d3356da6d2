"""How the log itself stands, for the dashboard: whole or not, copied where, how old and large."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, render_template
from flask_babel import gettext as _

from wesentra.audit import deliveries, evidence, ledger, results
from wesentra.audit.ledger import Extent
from wesentra.audit.verdict import Finding


@dataclass(frozen=True)
class Place:
    """One place for copies: its name, the last checkpoint it took, since when it takes none."""

    name: str
    number: int
    at: datetime | None
    failed_since: datetime | None


@dataclass(frozen=True)
class LogState:
    """What the card says; None is what was not measured. `wrong` is a sentence."""

    whole_since: datetime | None
    verified_at: datetime | None
    by_hand: bool
    entries: int | None
    wrong: str
    places: list[Place]
    extent: Extent


def figure() -> str:
    """For the row at the top: since when the log is known to be whole."""
    return render_template("log/_whole.html", log=_state())


def panel() -> str:
    """For the cards: what was verified, who has copies, how old and large the log is."""
    return render_template("log/_state.html", log=_state())


def _state() -> LogState:
    """Asked for once a page."""
    if "log_state" not in g:
        g.log_state = of_now()
    found: LogState = g.log_state
    return found


def of_now() -> LogState:
    """The state by the latest verification."""
    standing = results.standing()
    return LogState(
        whole_since=standing.since if standing else None,
        verified_at=standing.at if standing else None,
        by_hand=standing is not None and standing.made_by == "hand",
        entries=standing.entries if standing else None,
        wrong=_sentence(standing.finding) if standing and standing.finding else "",
        places=[
            Place(str(_(deliveries.PLACES[each.target])), each.number, each.at, each.failed_since)
            for each in deliveries.all_of()
        ],
        extent=ledger.extent(),
    )


def _sentence(finding: Finding) -> str:
    refused = evidence.refusal(finding)
    return str(_(refused.sentence, **refused.values))
