"""Authenticator apps: six digits that change every half minute (TOTP, RFC 6238)."""

import hmac

import pyotp
import segno
from flask import current_app
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import InstrumentedAttribute

from wesentra import clock
from wesentra.accounts import actions, sealing
from wesentra.models import Authenticator, User, db
from wesentra.refusal import Refused
from wesentra.texts import mark

SECONDS = 30
AROUND = (-1, 0, 1)
"""Steps whose codes are taken: a clock may be half a minute wrong (RFC 6238, section 5.2)."""


def of(user_id: int) -> Authenticator | None:
    """The app of a user that counts; None for one whose first code has not come yet."""
    found = held(user_id)
    return found if found is not None and found.confirmed_at is not None else None


def waiting(user_id: int) -> Authenticator | None:
    """The app that is being set up and waits for its first code."""
    found = held(user_id)
    return found if found is not None and found.confirmed_at is None else None


def held(user_id: int, to_use: bool = False) -> Authenticator | None:
    """The app of a user, whether it counts or waits. Of two who mean `to_use` it at once the second
    waits here, and finds the code of the first one taken."""
    query = select(Authenticator).where(Authenticator.user_id == user_id)
    if to_use:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def counts_for(user_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition that a user has an app that counts, for a larger question."""
    own = (Authenticator.user_id == user_id, Authenticator.confirmed_at.is_not(None))
    return select(Authenticator.id).where(*own).exists()


def begin(user: User) -> None:
    """Make a secret that waits for its first code; one that waited before is forgotten.

    Refuses when there is an app that counts: it has to be removed first, by one of its codes.
    """
    actions.one_at_a_time(user.id)
    if of(user.id) is not None:
        raise Refused(
            mark("You have a second factor already. Remove it before you set up another.")
        )
    forget(user.id)
    secret = sealing.sealed(pyotp.random_base32(), _owner(user.id))
    row = Authenticator(user_id=user.id, sealed=secret, last_step=0, begun_at=clock.now())
    db.session.add(row)


def forget(user_id: int) -> None:
    """Take the app of a user away, also one that waits."""
    db.session.execute(delete(Authenticator).where(Authenticator.user_id == user_id))


def takes(found: Authenticator, typed: str) -> bool:
    """Whether this is a code of now, of the step before or after.

    Each is taken once: one that somebody saw being typed is worth nothing (RFC 6238, section 5.2).
    """
    secret = secret_of(found)
    if secret is None:
        return False
    app, code = pyotp.TOTP(secret, interval=SECONDS), "".join(typed.split()).encode()
    now = int(clock.now().timestamp()) // SECONDS
    steps = [step for step in (now + each for each in AROUND) if step > found.last_step]
    right = [step for step in steps if hmac.compare_digest(app.generate_otp(step).encode(), code)]
    if right:
        found.last_step = max(right)
    return bool(right)


def secret_of(found: Authenticator) -> str | None:
    """The secret in the letters that apps take; None when it was sealed under another secret of the
    installation."""
    return sealing.opened(found.sealed, _owner(found.user_id))


def seal_anew(secret: str) -> None:
    """Seal every app's secret by the one that takes the installation's place; what opened by none
    before stays as it is."""
    for found in db.session.scalars(select(Authenticator).order_by(Authenticator.id)):
        plain = secret_of(found)
        if plain is not None:
            found.sealed = sealing.sealed(plain, _owner(found.user_id), secret)


def qr_code(user: User, secret: str) -> str:
    """The picture that an app reads: an SVG as the address of an image, which no policy forbids."""
    issuer = f"Wesentra {current_app.extensions['wesentra_settings'].controller_name}"
    address = pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(
        name=user.name, issuer_name=issuer
    )
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff")


def _owner(user_id: int) -> str:
    return f"authenticator of user {user_id}"
