"""Between password and code: a ticket in the form says whose password was right.

Or whom the company's sign-in service let in without a second factor. There is no session yet. The
ticket holds ten minutes, in the browser that it was given to, and as long as the password stays
what it was. The register knows a hash of each that it gave: whoever has a copy of database and
secret could make the seal, and with the key of the app come in without the password.
"""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from wesentra import clock
from wesentra.accounts import queries, sealing
from wesentra.models import FormToken, User, db
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web import csrf, ids

LASTS = timedelta(minutes=10)


class Holder(NamedTuple):
    """Who has shown the first of two things, and which (nothing: the password)."""

    user: User
    how: tuple[str, ...]


def ticket(user: User, *how: str) -> str:
    """The ticket of somebody who has shown the first thing; `how`, when it was no password.

    It holds from the commit on.
    """
    until = int((clock.now() + LASTS).timestamp())
    said = f"{user.id}.{until}.{'+'.join(how)}.{secrets.token_urlsafe(32)}"
    db.session.add(FormToken(token=_given(said), at=clock.now()))
    return f"{said}.{_seal(user, said)}"


def holder(text: str) -> Holder:
    """Whose ticket this is; raises Refused for one that does not hold (any more)."""
    said, _dot, seal = text.rpartition(".")
    number, until, first = (said.split(".", 3) + [""] * 3)[:3]
    user = queries.by_id(ids.chosen(number) or 0)
    ends = int(until) if until.isascii() and until.isdecimal() and len(until) < len("1" * 13) else 0
    right = user is not None and hmac.compare_digest(
        _seal(user, said).encode(), seal.encode(errors="replace")
    )
    known = right and db.session.get(FormToken, _given(said)) is not None
    if user is None or not known or not user.is_active or ends < clock.now().timestamp():
        raise Refused(mark("That took too long. Sign in again."))
    return Holder(user, tuple(filter(None, first.split("+"))))


def _given(said: str) -> str:
    return sha256(said.encode(errors="replace")).hexdigest()[:40]


def _seal(user: User, said: str) -> str:
    return sealing.keyed_hash(f"{said}.{user.password_hash}.{csrf.token()}", "second step")
