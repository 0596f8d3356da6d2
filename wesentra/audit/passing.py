"""What lets a statement on personal data pass to the database, and the words that refuse it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

WATCHED = "wesentra_watched"
"""The execution option of a statement that the session's listeners have looked at."""
AUDITED = "wesentra_audited"
"""The SQL function by which triggers and policies ask whether somebody acts."""
SETTING = "wesentra.audit"
"""The setting of a transaction on PostgreSQL while somebody acts in it: what the key that ends
each attributed statement hashes to."""

attributed: ContextVar[bool] = ContextVar("attributed", default=False)
"""True while a statement runs that says whom it concerns, or that nobody is shown by it."""

_vouched: ContextVar[bool] = ContextVar("vouched", default=False)


class Unwatched(RuntimeError):
    """A statement on a personal table does not say whom it concerns; it was not run."""


PAST = "a statement on personal data came past the watched session"


@contextmanager
def vouched() -> Iterator[None]:
    """Let statements through inside the block; whoever opens it writes the entry for all of them.

    For changes of the schema, which move whole tables and show nobody.
    """
    token = _vouched.set(True)
    try:
        yield
    finally:
        _vouched.reset(token)


def is_vouched() -> bool:
    """Whether everything is let through for the moment."""
    return _vouched.get()


def passes() -> bool:
    """Whether the statement that reaches the driver now was let through."""
    return attributed.get() or _vouched.get()
