"""How the access log itself stands: whether it is whole, who else has its checkpoints."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from wesentra.audit import deliveries, evidence, ledger, results
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
    oldest: datetime | None
    wrong: str
    places: list[Place]


def of_now() -> LogState:
    """The state by the latest verification."""
    standing = results.standing()
    return LogState(
        whole_since=standing.since if standing else None,
        verified_at=standing.at if standing else None,
        by_hand=standing is not None and standing.made_by == "hand",
        entries=standing.entries if standing else None,
        oldest=ledger.coverage().first,
        wrong=_sentence(standing.finding) if standing and standing.finding else "",
        places=[
            Place(str(_(deliveries.PLACES[each.target])), each.number, each.at, each.failed_since)
            for each in deliveries.all_of()
        ],
    )


def _sentence(finding: Finding) -> str:
    sentence = evidence.SENTENCES[finding.fault]
    return str(_(sentence, entry=finding.entry, other=finding.other))
