"""Between password and code: a ticket in the form says whose password was right.

There is no session yet. The ticket holds ten minutes, in the browser that it was given to, and as
long as the password stays what it was.
"""

import hmac
from datetime import timedelta

from wesentra import clock
from wesentra.accounts import queries, sealing
from wesentra.models import User
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web import csrf, ids

LASTS = timedelta(minutes=10)


def ticket(user: User) -> str:
    """The ticket of somebody whose password was right."""
    until = int((clock.now() + LASTS).timestamp())
    return f"{user.id}.{until}.{_seal(user, until)}"


def holder(text: str) -> User:
    """Whose ticket this is; raises Refused for one that does not hold (any more)."""
    number, _dot, rest = text.partition(".")
    until, _dot, seal = rest.partition(".")
    user = queries.by_id(ids.chosen(number) or 0)
    ends = int(until) if until.isascii() and until.isdecimal() and len(until) < len("1" * 13) else 0
    right = user is not None and hmac.compare_digest(_seal(user, ends).encode(), seal.encode())
    if user is None or not right or not user.is_active or ends < clock.now().timestamp():
        raise Refused(mark("That took too long. Sign in again."))
    return user


def _seal(user: User, until: int) -> str:
    said = f"{user.id}.{until}.{user.password_hash}.{csrf.token()}"
    return sealing.keyed_hash(said, "second step")
