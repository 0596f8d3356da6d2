"""Links by which a user chooses a password: for a day, for once, known to whoever has the link.

The register holds a hash of each. Making one ends the password and the sessions there were; using
one ends the sessions again and every other link.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select

from wesentra import clock
from wesentra.accounts import actions, rescues
from wesentra.accounts.rescues import Way
from wesentra.actor import current
from wesentra.models import PasswordLink, User, db
from wesentra.refusal import NotFound
from wesentra.texts import mark

HOURS = 24
NO_PASSWORD = ""
"""What stands in the place of a hash where no password opens the account."""


def token() -> str:
    """A new secret of a link, 256 bits."""
    return secrets.token_urlsafe(32)


def store(user: User, secret: str) -> None:
    """Let this secret choose the user's password. Raises Refused for a closed account.

    The password and the links there were stop working, and the user is signed out everywhere.
    """
    actions.demand_open(user)
    user.password_hash = NO_PASSWORD
    actions.end_sessions(user)
    _forget(user)
    made = PasswordLink(user_id=user.id, token_hash=_hash(secret), made_at=clock.now())
    made.made_by = current().user_id
    db.session.add(made)
    current().deed("account", "user", [user.id], ["link"])


def store_anew(user: User, secret: str) -> None:
    """`store` for somebody who has an account: to one in charge not by whoever took their second
    factor away. Raises Refused."""
    rescues.demand(user, Way.LINK)
    store(user, secret)
    rescues.note(user, Way.LINK)


def holder(secret: str) -> User:
    """Whose password a secret can choose now.

    Raises NotFound, in the same words whether there never was such a link, it was used, it is older
    than a day, or the account is closed.
    """
    query = select(User).join(PasswordLink, PasswordLink.user_id == User.id)
    good = (
        PasswordLink.token_hash == _hash(secret),
        PasswordLink.used_at.is_(None),
        PasswordLink.made_at > clock.now() - timedelta(hours=HOURS),
        User.disabled_at.is_(None),
    )
    user = db.session.scalar(query.where(*good).with_for_update())
    if user is None:
        raise NotFound(mark("This link does not work any more."))
    return user


def use(secret: str, password_hash: str) -> User:
    """Put the password (already hashed) that was chosen by a link, and end the link."""
    user = holder(secret)
    current().user_id = user.id
    own = PasswordLink.token_hash == _hash(secret)
    db.session.scalars(select(PasswordLink).where(own)).one().used_at = clock.now()
    actions.set_password(user, password_hash)
    return user


def _forget(user: User) -> None:
    """End the links of a user that were not used, and drop old ones of anybody."""
    unused = (PasswordLink.user_id == user.id) & PasswordLink.used_at.is_(None)
    old = PasswordLink.made_at < clock.now() - timedelta(hours=HOURS)
    db.session.execute(delete(PasswordLink).where(unused | old))


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
