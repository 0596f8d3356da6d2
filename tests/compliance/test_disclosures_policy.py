"""Of what a recipient is to be told, decided from moments alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from wesentra.compliance.disclosures.policy import Happened, causes
from wesentra.models import Disclosure
from wesentra.models.disclosure import Cause

NOTED = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORK = "work"


def given(**values: Any) -> Disclosure:
    """Work data went out on 10 March 2026, which was noted at eleven in Finland."""
    known = {"disclosed_on": date(2026, 3, 10), "categories": ["identity", WORK], "told_of": ""}
    return Disclosure(**{**known, "created_at": NOTED, "told_at": None, **values})


def corrected(at: datetime, category: str = WORK) -> Happened:
    return Happened(changes=[(at, category)])


def test_nothing_happened_and_nobody_is_told() -> None:
    assert causes(given(), Happened()) == ()


def test_the_weightiest_comes_first() -> None:
    everything = Happened(True, NOTED + DAY, [(NOTED + DAY, WORK)])
    assert causes(given(), everything) == (Cause.ERASURE, Cause.RESTRICTION, Cause.CORRECTION)


def test_who_knows_of_the_erasure_is_told_nothing_more() -> None:
    everything = Happened(True, NOTED + DAY, [(NOTED + DAY, WORK)])
    assert causes(given(told_of="erasure", told_at=NOTED), everything) == ()


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (NOTED - DAY, False),  # the recipient got what was right by then
        (NOTED - HOUR, False),  # of the same day, before it was noted
        (NOTED + HOUR, True),
        (NOTED + 5 * DAY, True),
    ],
)
def test_a_correction_counts_from_the_disclosure_on(at: datetime, told: bool) -> None:
    assert (causes(given(), corrected(at)) == (Cause.CORRECTION,)) is told


def test_a_disclosure_that_is_noted_late_counts_from_its_day() -> None:
    late = given(created_at=NOTED + 30 * DAY)
    assert causes(late, corrected(NOTED + 2 * DAY)) == (Cause.CORRECTION,)


def test_a_day_ends_at_midnight_in_finland() -> None:
    before, after = datetime(2026, 3, 10, 21, 59, tzinfo=UTC), datetime(2026, 3, 10, 22, tzinfo=UTC)
    late = given(created_at=NOTED + 30 * DAY)
    assert causes(late, corrected(before)) == ()
    assert causes(late, corrected(after)) == (Cause.CORRECTION,)


def test_another_category_is_nothing_to_them() -> None:
    assert causes(given(), corrected(NOTED + DAY, "billing")) == ()


@pytest.mark.parametrize("of", [Cause.CORRECTION, Cause.RESTRICTION])
def test_who_was_told_is_told_of_what_came_after(of: Cause) -> None:
    told = given(told_of=of, told_at=NOTED + 2 * DAY)
    assert causes(told, corrected(NOTED + DAY)) == ()
    assert causes(told, corrected(NOTED + 3 * DAY)) == (Cause.CORRECTION,)
    assert causes(told, Happened(restricted_since=NOTED + DAY)) == ()
    assert causes(told, Happened(restricted_since=NOTED + 3 * DAY)) == (Cause.RESTRICTION,)
    assert causes(told, Happened(going=True)) == (Cause.ERASURE,)
