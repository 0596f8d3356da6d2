"""Figures of accuracy: how many people's data were checked, and what came of it (Art. 5(1)(d)).

A person is *checked* when at least one field was confirmed, corrected or removed in the last 12
months; skipping checks nothing. The whole is every contact in the register but those of an
unfinished import. Those whose processing is restricted (Art. 18(2)) are asked nothing, but are in
the register all the same; how many they are is counted too. The outcomes and reasons are those of
every check that was made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import load_only

from wesentra import clock
from wesentra.audit import ledger
from wesentra.models import Contact, FieldCheck, Restriction, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import IDS_END
from wesentra.models.codes import Outcome

MONTHS_12 = timedelta(days=365)
SETTLED = (Outcome.CONFIRMED, Outcome.CORRECTED, Outcome.REMOVED)
PAGE = 50
CHECKED = "checked"
"""Any outcome that settles a field, as a filter of the evidence."""


@dataclass(frozen=True)
class Checked:
    """What came of asking in the last 12 months. `share` is in per cent, None with nobody to ask.

    `restricted` of the people are only stored now (Art. 18 GDPR): nobody may ask them.
    `measured_from` is the day since when there is anything to count, if that is less than 12
    months ago.
    """

    people: int
    of: int
    restricted: int
    share: float | None
    outcomes: dict[str, int]
    reasons: dict[str, int]
    measured_from: date | None


def checked() -> Checked:
    """The figures of the last 12 months, counted by the program without looking at anybody."""
    since = clock.now() - MONTHS_12
    people = _number(
        select(func.count(FieldCheck.contact_id.distinct()))
        .join(Contact, Contact.id == FieldCheck.contact_id)
        .where(FieldCheck.at >= since, FieldCheck.outcome.in_(SETTLED), _in_register())
    )
    whole = _number(select(func.count(Contact.id)).where(_in_register()))
    outcomes = _by(FieldCheck.outcome, since)
    reasons = _by(FieldCheck.reason, since, outcome=Outcome.SKIPPED)
    begun = ledger.measured_from()
    return Checked(
        people=people,
        of=whole,
        restricted=_number(select(func.count(Contact.id)).where(_in_register(), _is_closed())),
        share=100 * people / whole if whole else None,
        outcomes={outcome.value: outcomes.get(outcome.value, 0) for outcome in Outcome},
        reasons=reasons,
        measured_from=begun if begun and begun > clock.day_of(since) else None,
    )


@dataclass(frozen=True)
class CheckPage:
    """One page of checks and the id before which the next one starts (None: this is the last)."""

    checks: Sequence[FieldCheck]
    before: int | None


def evidence(outcome: str = "", reason: str = "", before: int | None = None) -> CheckPage:
    """The checks behind the figures, newest first; they are noted as shown."""
    query = (
        select(FieldCheck)
        .options(
            load_only(
                FieldCheck.contact_id,
                FieldCheck.field,
                FieldCheck.outcome,
                FieldCheck.reason,
                FieldCheck.at,
            )
        )
        .where(FieldCheck.at >= clock.now() - MONTHS_12)
    )
    if outcome == CHECKED:
        query = query.where(FieldCheck.outcome.in_(SETTLED))
    elif outcome:
        query = query.where(FieldCheck.outcome == outcome)
    if reason:
        query = query.where(FieldCheck.reason == reason)
    if before is not None and 0 < before < IDS_END:
        query = query.where(FieldCheck.id < before)
    found = db.session.scalars(query.order_by(FieldCheck.id.desc()).limit(PAGE)).all()
    return CheckPage(found, found[-1].id if len(found) == PAGE else None)


def _in_register() -> ColumnElement[bool]:
    return Contact.pending_import_id.is_(None)


def _is_closed() -> ColumnElement[bool]:
    standing = Restriction.contact_id == Contact.id, Restriction.lifted_at.is_(None)
    return select(Restriction.id).where(*standing).exists()


def _number(query: Select[int]) -> int:
    options = seen_by_program("figure")
    return int(db.session.scalar(query, execution_options=options) or 0)


def _by(column: object, since: datetime, outcome: str = "") -> dict[str, int]:
    query = select(column, func.count()).where(FieldCheck.at >= since)  # type: ignore[call-overload]
    if outcome:
        query = query.where(FieldCheck.outcome == outcome)
    rows = db.session.execute(
        query.group_by(column).order_by(func.count().desc()),
        execution_options=seen_by_program("figure"),
    )
    return dict(rows.all())
