"""How the log itself stands, for the dashboard: whole or not, copied where, how old and large."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g, render_template
from flask_babel import gettext as _

from wesentra.audit import deliveries, evidence, ledger, results
from wesentra.audit.deliveries import Delivery
from wesentra.audit.ledger import Extent
from wesentra.audit.targets import targets_of
from wesentra.audit.verdict import Finding
from wesentra.settings import Settings


@dataclass(frozen=True)
class Place:
    """One place for copies: its name, the last checkpoint it took, since when it takes none.

    `at` is None for a place that is named and was sent nothing yet.
    """

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
        places=_places(),
        extent=ledger.extent(),
    )


def _places() -> list[Place]:
    """The places that the settings name, and how far each was served."""
    served = {each.target: each for each in deliveries.all_of()}
    named = {target.name.partition("-")[0] for target in targets_of(_settings())}
    places = [served.get(name, Delivery(name, 0, None, None)) for name in sorted({*named, *served})]
    return [
        Place(str(_(deliveries.PLACES[each.target])), each.number, each.at, each.failed_since)
        for each in places
    ]


def _settings() -> Settings:
    found: Settings = current_app.extensions["wesentra_settings"]
    return found


def _sentence(finding: Finding) -> str:
    refused = evidence.refusal(finding)
    return str(_(refused.sentence, **refused.values))
