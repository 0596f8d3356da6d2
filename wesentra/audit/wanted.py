"""What is asked of the access log: the filter that its pages, exports and figures share."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from wesentra.audit.day import LATEST, LogDay, LogTotal, begin_of
from wesentra.audit.entry import (
    CHANGES,
    EXPORTED,
    EXPORTS,
    NOT_DONE,
    OPENED,
    SHOWS,
    LogEntry,
    LogSubject,
    Operation,
)
from wesentra.audit.life import GONE
from wesentra.models.purpose import Purpose

GROUPS: dict[str, tuple[str, ...]] = {
    "looks": SHOWS,
    "lists": (Operation.LIST, Operation.SEARCH),
    "changes": CHANGES,
    "handling": SHOWS + CHANGES,
}
"""Words for several operations that figures are counted of together."""

UNSTATED = "unstated"
"""A word for every purpose that says nothing: missing, in no record of purposes, or `other`."""
VAGUE = "other"


@dataclass(frozen=True)
class Wanted:
    """Which entries: every part that is given has to fit.

    `first` and `last` are days in Finland, both included. `user` 0 means nobody signed in: the
    system, or somebody at the door. `operation` may be one of GROUPS, `purpose` UNSTATED; `about`
    says what the numbers in an entry are numbers of. `outcome` may be `not_done`: refused or
    failed in any way. `numbers` are the first and the last entry, both included.
    """

    contact: int | None = None
    user: int | None = None
    operation: str = ""
    about: str = ""
    purpose: str = ""
    request: str = ""
    outcome: str = ""
    first: date | None = None
    last: date | None = None
    numbers: tuple[int, int] | None = None

    def given(self) -> dict[str, Any]:
        """The parts that are given, by name."""
        return {key: value for key, value in asdict(self).items() if value not in (None, "")}

    @property
    def only_days(self) -> bool:
        """Whether everything of some time is wanted: a part of the chain without holes."""
        return self.given().keys() <= {"first", "last"}


def matching(query: Any, wanted: Wanted) -> Any:
    """A select of entries or of counts, narrowed to what is wanted."""
    query = still_there(query.select_from(LogEntry))
    if wanted.contact is not None:
        query = query.join(LogSubject, LogSubject.entry_id == LogEntry.id)
        query = query.where(LogSubject.contact_id == wanted.contact)
    if wanted.user is not None:
        query = query.where(LogEntry.actor_id == wanted.user if wanted.user else _no_actor())
    if wanted.operation:
        operations = GROUPS.get(wanted.operation, (wanted.operation,))
        query = query.where(LogEntry.operation.in_(operations))
        if set(operations) <= set(EXPORTS):
            query = query.where(EXPORTED)
        if operations == (Operation.VIEW,):
            query = query.where(OPENED)
    if wanted.about:  # what the program alone looks at has its reason in the place of the type
        query = query.where(LogEntry.operation != Operation.PROGRAM)
    if wanted.outcome == "not_done":
        query = query.where(NOT_DONE)
    return _within(_equal(query, wanted), wanted)


def still_there(query: Any) -> Any:
    """A select of entries without those that went by rule.

    The sum keeps the databases from reading by number where another index is the shorter way.
    """
    return query.where(LogEntry.id + 0 > GONE)


def from_days(wanted: Wanted) -> bool:
    """Whether the daily figures answer it as well as the entries would."""
    whole = wanted.contact is None and not wanted.request and wanted.numbers is None
    return whole and wanted.outcome in ("", "done", "not_done")


def figures_for(wanted: Wanted) -> type[LogDay] | type[LogTotal]:
    """The daily figures that answer it: those of all users together where none is asked for."""
    return LogTotal if wanted.user is None else LogDay


def in_days(query: Any, wanted: Wanted, figures: type[LogDay] | type[LogTotal] = LogDay) -> Any:
    """A select of these daily figures, narrowed; for what `from_days` says yes to."""
    query = query.select_from(figures)
    if wanted.user is not None and figures is LogDay:
        query = query.where(LogDay.actor_id == wanted.user)
    if wanted.operation:
        operations = GROUPS.get(wanted.operation, (wanted.operation,))
        query = query.where(figures.operation.in_(operations))
    if wanted.about:
        query = query.where(figures.about == wanted.about)
    if wanted.purpose:
        query = query.where(_of_purpose(figures.purpose, wanted.purpose))
    if wanted.outcome:
        query = query.where(figures.done.is_(wanted.outcome == "done"))
    if wanted.first:
        query = query.where(figures.day >= wanted.first)
    return query.where(figures.day <= wanted.last) if wanted.last else query


def _equal(query: Any, wanted: Wanted) -> Any:
    for column, value in (
        (LogEntry.subject_type, wanted.about),
        (LogEntry.request_id, wanted.request),
        (LogEntry.outcome, wanted.outcome if wanted.outcome != "not_done" else ""),
    ):
        if value:
            query = query.where(column == value)
    if wanted.purpose:
        query = query.where(_of_purpose(LogEntry.purpose, wanted.purpose))
    return query


def _of_purpose(column: Any, purpose: str) -> Any:
    if purpose != UNSTATED:
        return column == purpose
    return column.not_in(select(Purpose.key).where(Purpose.key != VAGUE))


def _within(query: Any, wanted: Wanted) -> Any:
    if wanted.numbers is not None:
        query = query.where(LogEntry.id.between(*wanted.numbers))
    if wanted.first:
        query = query.where(LogEntry.at >= begin_of(wanted.first))
    if wanted.last:
        query = query.where(LogEntry.at < begin_of(min(wanted.last, LATEST) + timedelta(days=1)))
    return query


def _no_actor() -> Any:
    return LogEntry.actor_id.is_(None)
