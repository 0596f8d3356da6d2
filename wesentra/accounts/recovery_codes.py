"""Recovery codes: ten to print, each lets in once when the telephone is not at hand."""

import secrets

from sqlalchemy import delete, func, select

from wesentra import clock
from wesentra.accounts import sealing
from wesentra.models import RecoveryCode, db

HOW_MANY = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""None of them is taken for another on paper."""
HALF = 5
"""Letters on each side of the hyphen: 49 bits in all, beyond guessing through the throttle."""


def anew(user_id: int) -> list[str]:
    """Ten new codes to show this once; those before are not taken any more."""
    forget(user_id)
    codes = [f"{_letters()}-{_letters()}" for _ in range(HOW_MANY)]
    db.session.add_all(
        RecoveryCode(user_id=user_id, code_hash=_hash(user_id, code)) for code in codes
    )
    return codes


def forget(user_id: int) -> None:
    """Take all codes of a user away."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def forget_all() -> None:
    """Take everybody's codes away: by another secret of the installation none would be known."""
    db.session.execute(delete(RecoveryCode))


def left(user_id: int) -> int:
    """How many codes can still be used."""
    unused = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def takes(user_id: int, typed: str) -> bool:
    """Whether this is one of the user's codes that was not used; from now on it is."""
    query = select(RecoveryCode).where(
        RecoveryCode.user_id == user_id,
        RecoveryCode.code_hash == _hash(user_id, typed),
        RecoveryCode.used_at.is_(None),
    )
    found = db.session.scalars(query.with_for_update()).first()
    if found is not None:
        found.used_at = clock.now()
    return found is not None


def _letters() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(HALF))


def _hash(user_id: int, code: str) -> str:
    """As it is typed from paper: in any case of letters, with or without hyphen and spaces."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return sealing.keyed_hash(f"{user_id}:{plain}", "recovery codes")
