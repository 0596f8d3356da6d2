"""The present password of somebody who is signed in, asked for once more."""

from wesentra.accounts import links, passwords, queries, throttle
from wesentra.actor import current
from wesentra.models import User
from wesentra.models.base import db, writing
from wesentra.refusal import Refused
from wesentra.texts import mark
from wesentra.web.unit_of_work import keep_changes


def is_set(user: User) -> bool:
    """Whether there is a password that can be asked for."""
    return user.password_hash != links.NO_PASSWORD


def demand(user: User, typed: str) -> None:
    """Raises Refused for a wrong password; it counts like a wrong try of signing in.

    Verifying takes long: the write lock is free meanwhile, so this comes before every change.
    """
    name, stored, user_id = user.name, user.password_hash, user.id
    source = current().source
    throttle.check(name, source)
    db.session.rollback()
    right = passwords.matches(typed, stored)
    writing.set(True)
    now = queries.by_id(user_id)
    if not right or now is None or now.password_hash != stored:  # or replaced meanwhile
        throttle.failed(name, source)
        current().event("sign_in_failed", "user", [user_id], ["confirmed"], outcome="denied")
        keep_changes()
        raise Refused(mark("The password is not right."), field="password")
    throttle.passed(name, source)
