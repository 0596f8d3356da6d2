"""Challenges that a passkey signs: each stands in one form of one browser, and is taken once."""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from wesentra import clock
from wesentra.accounts import sealing
from wesentra.models import FormToken, db
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web import csrf

LASTS = timedelta(minutes=10)
BYTES = 32


class Challenge(NamedTuple):
    """What is to be signed, and the ticket by which it is known again."""

    value: bytes
    ticket: str


def new(use: str) -> Challenge:
    """A challenge for one use, `create` or `get`. Nothing of it is stored before it comes back."""
    value = secrets.token_bytes(BYTES)
    said = f"{bytes_to_base64url(value)}.{int((clock.now() + LASTS).timestamp())}"
    return Challenge(value, f"{said}.{_seal(use, said)}")


def taken(use: str, ticket: str) -> bytes:
    """The challenge behind a ticket, which is taken herewith; raises Refused for any other."""
    said, _dot, seal = ticket.rpartition(".")
    if not hmac.compare_digest(_seal(use, said).encode(), seal.encode()):
        raise _too_late()
    text, _dot, until = said.partition(".")
    if int(until) < clock.now().timestamp():
        raise _too_late()
    try:
        with db.session.begin_nested():
            token = sha256(said.encode()).hexdigest()[:40]
            db.session.add(FormToken(token=token, at=clock.now()))
    except IntegrityError as error:
        raise _too_late() from error
    return base64url_to_bytes(text)


def _seal(use: str, said: str) -> str:
    return sealing.keyed_hash(f"{use}.{said}.{csrf.token()}", "passkey challenge")


def _too_late() -> Refused:
    return Refused(mark("That took too long. Try again."))
