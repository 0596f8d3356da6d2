"""How far an import is, and what became of a row."""

from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """The states of an import, in the order in which it goes through them."""

    READING = "reading"
    MAPPING = "mapping"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    PUBLISHING = "publishing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


WORKING = (State.CHECKING, State.APPLYING, State.PUBLISHING, State.UNDOING)
"""States that go on by themselves, step by step, and after a stop from where they were."""

STOPPED_AFTER = timedelta(seconds=20)
"""Work that has not come further for so long has stopped and waits to be continued."""


class Outcome(StrEnum):
    """What a row is: first foreseen by the check, then what was done."""

    HEADINGS = "headings"
    RAW = "raw"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


FORESEEN = (Outcome.CREATE, Outcome.UPDATE, Outcome.SAME)
