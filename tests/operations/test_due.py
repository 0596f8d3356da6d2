"""When a job is due: pure, in Finnish hours, also on the nights when the clock is turned."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from wesentra.operations.due import Daily, Every, State, is_due, next_due

HELSINKI = ZoneInfo("Europe/Helsinki")
LEASE = timedelta(minutes=30)
NIGHTLY = Daily(3)


def at(text: str) -> datetime:
    """A moment in Finland."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


def well(begun: datetime) -> State:
    return State(begun, None, well=True)


def test_a_job_that_never_ran_is_due() -> None:
    assert is_due(NIGHTLY, State(), at("2026-11-22 12:00"), LEASE)
    assert is_due(Every(timedelta(minutes=4)), State(), at("2026-11-22 12:00"), LEASE)


@pytest.mark.parametrize(
    ("begun", "now", "due"),
    [
        ("2026-11-22 03:01", "2026-11-22 23:59", False),
        ("2026-11-22 03:01", "2026-11-23 02:59", False),
        ("2026-11-22 03:01", "2026-11-23 03:00", True),
        ("2026-11-22 02:59", "2026-11-22 03:00", True),
        ("2026-11-22 12:00", "2026-11-23 02:00", False),
        ("2026-11-20 03:01", "2026-11-22 17:00", True),  # the machine was off
        ("2026-03-28 03:01", "2026-03-29 04:00", True),  # there is no 03:00 that night
        ("2026-10-24 03:01", "2026-10-25 03:00", True),  # and two of them in this one
    ],
)
def test_a_nightly_job_is_due_after_its_hour(begun: str, now: str, due: bool) -> None:
    assert is_due(NIGHTLY, well(at(begun)), at(now), LEASE) is due


def test_a_night_with_two_of_its_hour_has_one_run() -> None:
    first = datetime(2026, 10, 25, 0, 1, tzinfo=UTC)  # 03:01 summer time
    assert not is_due(NIGHTLY, well(first), first + timedelta(hours=1), LEASE)


def test_what_failed_is_tried_again_after_an_hour() -> None:
    begun = at("2026-11-22 03:00")
    failed = State(begun, None, well=False)
    assert not is_due(NIGHTLY, failed, begun + timedelta(minutes=59), LEASE)
    assert is_due(NIGHTLY, failed, begun + timedelta(hours=1), LEASE)


def test_what_somebody_else_runs_is_not_due_until_they_are_given_up() -> None:
    begun = at("2026-11-21 03:00")
    running = State(begun, at("2026-11-22 03:30"), well=False)
    assert not is_due(NIGHTLY, running, at("2026-11-22 03:29"), LEASE)
    assert is_due(NIGHTLY, running, at("2026-11-22 03:30"), LEASE)


def test_what_a_clock_ahead_has_begun_keeps_nobody_waiting() -> None:
    now = at("2026-11-22 12:00")
    ahead = now + timedelta(days=365)
    for when in (NIGHTLY, Every(timedelta(minutes=4))):
        assert is_due(when, well(ahead), now, LEASE)
        assert is_due(when, State(ahead, ahead + LEASE), now, LEASE)
    assert is_due(NIGHTLY, State(now, ahead), now, LEASE)


def test_clocks_of_servers_may_differ_a_little() -> None:
    now = at("2026-11-22 12:00")
    soon = now + timedelta(minutes=2)
    assert not is_due(NIGHTLY, well(soon), now, LEASE)
    assert not is_due(NIGHTLY, State(soon, soon + LEASE), now, LEASE)


def test_what_lacks_somewhere_makes_a_job_due_that_nobody_runs() -> None:
    begun = at("2026-11-22 03:00")
    assert is_due(NIGHTLY, well(begun), begun + timedelta(minutes=1), LEASE, lacks=True)
    running = State(begun, begun + LEASE)
    assert not is_due(NIGHTLY, running, begun + timedelta(minutes=1), LEASE, lacks=True)


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (State(), "2026-11-22 12:00"),
        (well(at("2026-11-22 03:01")), "2026-11-23 03:00"),
        (well(at("2026-11-22 02:59")), "2026-11-22 12:00"),
        (State(at("2026-11-22 11:30")), "2026-11-22 12:30"),
        (State(at("2026-11-22 02:30")), "2026-11-22 12:00"),
    ],
)
def test_the_next_time_is_told(state: State, due: str) -> None:
    assert next_due(NIGHTLY, state, at("2026-11-22 12:00")) == at(due)
