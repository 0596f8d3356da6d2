"""Between password and code: a ticket in the form says whose password was right.

Or whom the company's sign-in service let in without a second factor. There is no session yet. The
ticket holds ten minutes, in the browser that it was given to, and as long as the password stays
what it was.
"""

import hmac
from datetime import timedelta
from typing import NamedTuple

from wesentra import clock
from wesentra.accounts import queries, sealing
from wesentra.models import User
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web import csrf, ids

LASTS = timedelta(minutes=10)


class Holder(NamedTuple):
    """Who has shown the first of two things, and which (nothing: the password)."""

    user: User
    how: tuple[str, ...]


def ticket(user: User, *how: str) -> str:
    """The ticket of somebody who has shown the first thing; `how`, when it was no password."""
    until = int((clock.now() + LASTS).timestamp())
    first = "+".join(how)
    return f"{user.id}.{until}.{first}.{_seal(user, until, first)}"


def holder(text: str) -> Holder:
    """Whose ticket this is; raises Refused for one that does not hold (any more)."""
    number, until, first, seal = (text.split(".", 3) + [""] * 3)[:4]
    user = queries.by_id(ids.chosen(number) or 0)
    ends = int(until) if until.isascii() and until.isdecimal() and len(until) < len("1" * 13) else 0
    right = user is not None and hmac.compare_digest(
        _seal(user, ends, first).encode(), seal.encode(errors="replace")
    )
    if user is None or not right or not user.is_active or ends < clock.now().timestamp():
        raise Refused(mark("That took too long. Sign in again."))
    return Holder(user, tuple(filter(None, first.split("+"))))


def _seal(user: User, until: int, first: str) -> str:
    said = f"{user.id}.{until}.{first}.{user.password_hash}.{csrf.token()}"
    return sealing.keyed_hash(said, "second step")
