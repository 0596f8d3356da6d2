"""When a job is due. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from wesentra import clock

RETRY = timedelta(hours=1)
"""After so long a job that failed is tried again, if its usual time is not before that."""


@dataclass(frozen=True)
class Daily:
    """Once a day, after an hour of the day in Finland; what was missed is made up for at once."""

    hour: int

    def latest(self, now: datetime) -> datetime:
        """The last moment, up to now, at which the job came due."""
        local = now.astimezone(clock.HELSINKI)
        day = local.date() if local.hour >= self.hour else local.date() - timedelta(days=1)
        return datetime.combine(day, time(self.hour), clock.HELSINKI)

    def after(self, begun: datetime) -> datetime:
        """The first moment at which the job comes due after a run that began then."""
        day = self.latest(begun).astimezone(clock.HELSINKI).date() + timedelta(days=1)
        return datetime.combine(day, time(self.hour), clock.HELSINKI)


@dataclass(frozen=True)
class Every:
    """Again when the last run was begun so long ago."""

    pause: timedelta

    def latest(self, now: datetime) -> datetime:
        """The last moment, up to now, at which the job came due."""
        return now - self.pause

    def after(self, begun: datetime) -> datetime:
        """The first moment at which the job comes due after a run that began then."""
        return begun + self.pause


@dataclass(frozen=True)
class State:
    """What is known of a job; all None before its first run."""

    begun_at: datetime | None = None
    leased_until: datetime | None = None
    well: bool = False


def is_due(
    when: Daily | Every, state: State, now: datetime, lease: timedelta, *, lacks: bool = False
) -> bool:
    """Whether to run a job now: nobody runs it, and it is time, or the last run did not end well,
    or something `lacks` that it would bring.

    One whose lease has run out was killed: it is taken over at once. So is what was begun later
    than now, but for clocks that differ a little: a clock was ahead then, and nobody can wait for
    it. `lease` is the job's own.
    """
    if state.leased_until is not None:
        return not is_run(state, now, lease)
    if lacks:
        return True
    if state.begun_at is None or not when.latest(now) <= state.begun_at <= now + lease:
        return True
    return not state.well and state.begun_at <= now - RETRY


def is_run(state: State, now: datetime, lease: timedelta) -> bool:
    """Whether some process has the job now, by its lease."""
    return state.leased_until is not None and now < state.leased_until <= now + 2 * lease


def next_due(when: Daily | Every, state: State, now: datetime) -> datetime:
    """When the job comes due next, if nothing lacks before that; now for what is due already."""
    if state.begun_at is None:
        return now
    usual = when.after(state.begun_at)
    return max(now, usual if state.well else min(usual, state.begun_at + RETRY))
