"""Passwords: argon2id, hashed and verified outside any transaction because it is slow by design."""

import secrets
import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wesentra.accounts.guessable import guessable
from wesentra.refusal import Refused
from wesentra.texts import mark

SHORTEST = 12
LONGEST = 200
TYPED = 4 * LONGEST
"""Characters that are looked at: some keyboards send letters and their accents one by one, and to
bring a million accents into their order takes minutes."""
CONSONANTS, VOWELS = "dhjklmnprstv", "aeiou"
_hasher = PasswordHasher()


def made() -> str:
    """A new password that can be read out on the telephone: `tavilo-kesumi-…`, about 70 bits."""
    return "-".join("".join(_syllable() for _ in range(3)) for _ in range(4))


def _syllable() -> str:
    return secrets.choice(CONSONANTS) + secrets.choice(VOWELS)


def demand(password: str, *names: str, field: str = "password") -> None:
    """Refuse a password that is too short, too long, common, or made of one of `names`.

    NIST SP 800-63B: a length and a list, nothing about capitals or signs, and no date to change it.
    """
    length = len(_normal(password)) if len(password) <= TYPED else len(password)
    if length < SHORTEST:
        raise Refused(
            mark("A password has at least %(shortest)s characters."), field=field, shortest=SHORTEST
        )
    if length > LONGEST:
        raise Refused(
            mark("A password has at most %(longest)s characters."), field=field, longest=LONGEST
        )
    if guessable(password, names):
        raise Refused(
            mark(
                "This password is guessed early: it is common, or made of your name or the "
                "program’s. Take a few words that have nothing to do with each other."
            ),
            field=field,
        )


def hashed(password: str, *names: str) -> str:
    """The argon2id hash of a password; refuses what `demand` refuses."""
    demand(password, *names)
    return _hasher.hash(_normal(password))


def hashed_anew(password: str, password_hash: str | None) -> str | None:
    """The hash of a right password by the parameters of today; None where it has them already."""
    if password_hash is None or not _hasher.check_needs_rehash(password_hash):
        return None
    return _hasher.hash(_normal(password))


def _of_nobody() -> str:
    """A hash that no password fits, with the parameters of today, which decide how long it takes.

    It is put together and not made, so that the first unknown name takes no longer either.
    """
    salt, digest = (
        b64encode(secrets.token_bytes(size)).rstrip(b"=").decode()
        for size in (_hasher.salt_len, _hasher.hash_len)
    )
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is right, as it was typed: nothing is cut off.

    For an unknown name (None) it takes the same time.
    """
    typed = _normal(password) if len(password) <= TYPED else ""
    try:
        _hasher.verify(password_hash or _of_nobody(), typed)
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def _normal(password: str) -> str:
    """The same characters whatever keyboard they were typed on: `ä` is one, not `a` and dots."""
    return unicodedata.normalize("NFKC", password)
