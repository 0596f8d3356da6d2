"""Passwords: argon2id, hashed and verified outside any transaction because it is slow by design."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wesentra.refusal import Refused
from wesentra.texts import mark

SHORTEST = 12
LONGEST = 200
CONSONANTS, VOWELS = "dhjklmnprstv", "aeiou"
_hasher = PasswordHasher()


def made() -> str:
    """A new password that can be read out on the telephone: `tavilo-kesumi-…`, about 70 bits."""
    return "-".join("".join(_syllable() for _ in range(3)) for _ in range(4))


def _syllable() -> str:
    return secrets.choice(CONSONANTS) + secrets.choice(VOWELS)


def hashed(password: str) -> str:
    """The argon2id hash of a password of 12 to 200 characters; refuses others."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(
            mark("A password has at least %(shortest)s characters."),
            field="password",
            shortest=SHORTEST,
        )
    return _hasher.hash(password)


@cache
def _of_nobody() -> str:
    """A hash that no password fits; made when it is first needed, because it takes long."""
    return _hasher.hash("a name that does not exist takes as long as one that does")


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is right; for an unknown name (None) it takes the same time."""
    try:
        _hasher.verify(password_hash or _of_nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
