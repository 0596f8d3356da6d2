"""Guesses are slowed down per name and per address, over restarts and over several servers.

A name is slowed, never locked, and only for the address that guesses: nobody can lock a
colleague out (ten wrong tries of one name from one address, thirty from one address at all, in
fifteen minutes).
"""

import hmac
from datetime import timedelta
from hashlib import sha256

from flask import current_app
from sqlalchemy import delete, func, select

from wesentra import clock
from wesentra.models import SignInAttempt, db
from wesentra.refusal import Refused
from wesentra.texts import mark

WINDOW = timedelta(minutes=15)
PER_NAME_AND_SOURCE = 10
PER_SOURCE = 30


def _hash(name: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"throttle:" + name.strip().lower().encode(), sha256).hexdigest()


def check(name: str, source: str) -> None:
    """Refuse when there were too many wrong tries lately."""
    since = clock.now() - WINDOW
    recent = (SignInAttempt.at > since, SignInAttempt.source == source)
    count = select(func.count()).select_from(SignInAttempt).where(*recent)
    from_here = db.session.scalar(count) or 0
    of_name = db.session.scalar(count.where(SignInAttempt.name_hash == _hash(name))) or 0
    if from_here >= PER_SOURCE or of_name >= PER_NAME_AND_SOURCE:
        raise Refused(mark("Too many wrong tries. Wait for a quarter of an hour and try again."))


def failed(name: str, source: str) -> None:
    """Count a wrong try, and forget those that no longer count."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < clock.now() - WINDOW))
    db.session.add(SignInAttempt(name_hash=_hash(name), source=source[:60], at=clock.now()))


def passed(name: str, source: str) -> None:
    """After a right password the wrong tries of this name from this address are forgotten."""
    db.session.execute(
        delete(SignInAttempt).where(
            SignInAttempt.name_hash == _hash(name), SignInAttempt.source == source
        )
    )
