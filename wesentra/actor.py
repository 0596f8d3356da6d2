"""Who is acting, in which role, for which purpose: said once, at the edge.

The context also carries the notes of what its actor was shown and changed. They live here and
not in the database session, because a look outlives the transaction that it was read in.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from wesentra.sight import EVERYTHING, Sight

Channel = Literal["web", "cli", "job"]
Event = tuple[str, str, list[int], list[str], str]
"""Operation, type of subject, their ids, names of fields, outcome."""


class Showing(StrEnum):
    """How an address or a command shows people: the operation its looks are logged under."""

    VIEW = "view"
    LIST = "list"
    SEARCH = "search"
    EXPORT = "export"


@dataclass
class Notes:
    """What happened in one context, by ids and field names, never values."""

    shown: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    written: dict[tuple[str, str, int], set[str]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    deeds: list[Event] = field(default_factory=list)
    """What was changed outside the register itself, for example a role: gone with its rollback."""
    events: list[Event] = field(default_factory=list)
    """What happened whatever becomes of the transaction, for example that something was denied."""

    def forget_writes(self) -> None:
        """Drop the noted changes: they were rolled back."""
        self.written.clear()
        self.deeds.clear()

    def clear(self) -> None:
        """Start anew, after the notes became entries."""
        self.forget_writes()
        self.shown.clear()
        self.counted.clear()
        self.events.clear()

    def __bool__(self) -> bool:
        return any((self.shown, self.written, self.counted, self.deeds, self.events))


@dataclass
class Acting:
    """One actor doing one thing: a request, a command or a job run.

    `user_id` is None for the system itself and for somebody not signed in; `source` is the
    network address or the operating-system user. `sight` is what the purpose lets them see;
    `opened` has the people whose processing is restricted and whom they have opened lately, each
    with the number of the opening, under which the reason stands.
    """

    user_id: int | None
    role: str
    purpose: str
    request_id: str
    channel: Channel = "web"
    showing: Showing = Showing.VIEW
    source: str = ""
    endpoint: str = ""
    at_once: bool = False
    """Whether looks are entries before the statement that looked gives anything out (a shell)."""
    notes: Notes = field(default_factory=Notes)
    told: set[tuple[date, str, bool]] = field(default_factory=set)
    """Day, operation and whether it was done, of the entries of this context that are committed:
    it is counted once for each."""
    sight: Sight = EVERYTHING
    opened: Mapping[int, int] = field(default_factory=dict)

    def event(
        self,
        operation: str,
        subject_type: str = "",
        ids: list[int] | None = None,
        fields: list[str] | None = None,
        outcome: str = "done",
    ) -> None:
        """Note something that no load or flush shows, for example an export or a denial."""
        self.notes.events.append((operation, subject_type, ids or [], fields or [], outcome))

    def deed(self, operation: str, subject_type: str, ids: list[int], fields: list[str]) -> None:
        """Note a change that the log tells in other words than by its columns (a role, a session).

        It is forgotten when the transaction that it happened in is rolled back.
        """
        self.notes.deeds.append((operation, subject_type, ids, fields, "done"))


class NobodyActing(RuntimeError):
    """Personal data were touched outside any acting context; nothing is shown."""


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def current() -> Acting:
    """The acting context; raises NobodyActing outside one."""
    acting = _acting.get()
    if acting is None:
        raise NobodyActing("personal data may be handled only by somebody, for a purpose")
    return acting


def current_or_none() -> Acting | None:
    """The acting context, or None where nobody acts."""
    return _acting.get()


@contextmanager
def acting_as(acting: Acting) -> Iterator[Acting]:
    """Let `acting` be the one whose looks and changes are noted inside the block."""
    token = _acting.set(acting)
    try:
        yield acting
    finally:
        _acting.reset(token)
