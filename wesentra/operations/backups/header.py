"""The header of a file in the format age, version 1 (age-encryption.org/v1), X25519 recipients.

It says for whom the file's key is wrapped, and is sealed by that key (HMAC-SHA256).
"""

import base64
import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"age-encryption.org/v1"
WRAPPING = b"age-encryption.org/v1/X25519"
END = b"---"
KEY_BYTES, TAG_BYTES = 16, 16
COLUMNS = 64
"""Characters on a full line of a header."""
LONGEST = 64 * 1024
NO_NONCE = bytes(12)


class NotOpened(ValueError):
    """The bytes are not what somebody closed."""


class NotAge(NotOpened):
    """They are no file of age."""


class OtherKey(NotOpened):
    """They were closed for another key."""


def new_file_key() -> bytes:
    """A key for one file."""
    return os.urandom(KEY_BYTES)


def derived(secret: bytes, salt: bytes, what_for: bytes) -> bytes:
    """A key for one use, from a secret (HKDF-SHA256)."""
    return HKDF(SHA256(), 32, salt, what_for).derive(secret)


def header(file_key: bytes, recipient: X25519PublicKey) -> bytes:
    """The header of a file whose key is wrapped for `recipient`."""
    ephemeral = X25519PrivateKey.generate()
    share, public = ephemeral.public_key().public_bytes_raw(), recipient.public_bytes_raw()
    wrapping = derived(ephemeral.exchange(recipient), share + public, WRAPPING)
    wrapped = ChaCha20Poly1305(wrapping).encrypt(NO_NONCE, file_key, None)
    lines = (VERSION, b"-> X25519 " + _text(share), _text(wrapped), END)
    said = b"\n".join(lines)
    return said + b" " + _text(_sealed(file_key, said)) + b"\n"


def file_key_of(source: IO[bytes], identity: X25519PrivateKey) -> bytes:
    """Read a header and unwrap the file's key. Raises NotAge, OtherKey, or NotOpened for a header
    that was changed."""
    said, stanzas, seal = _parted(source)
    for stanza in stanzas:
        file_key = _unwrapped(stanza, identity)
        if file_key is not None:
            _demand_seal(file_key, said, seal)
            return file_key
    raise OtherKey("closed for another key")


def pass_header(source: IO[bytes], file_key: bytes) -> None:
    """Read a header whose file's key is known. Raises NotOpened where it is not its own."""
    said, _, seal = _parted(source)
    _demand_seal(file_key, said, seal)


def _demand_seal(file_key: bytes, said: bytes, seal: bytes) -> None:
    if not hmac.compare_digest(_sealed(file_key, said), seal):
        raise NotOpened("the header was changed")


@dataclass(frozen=True)
class _Stanza:
    arguments: list[bytes]
    body: bytes


def _parted(source: IO[bytes]) -> tuple[bytes, list[_Stanza], bytes]:
    """What a header says up to its seal, for whom, and the seal."""
    lines = _lines(source)
    if next(lines) != VERSION:
        raise NotAge("no file of age")
    said, stanzas, line = [VERSION], [], next(lines)
    while line.startswith(b"-> "):
        arguments, body = line[3:].split(b" "), b""
        said.append(line)
        while True:
            part = next(lines)
            said.append(part)
            body += _bytes(part)
            if len(part) < COLUMNS:
                break
        stanzas.append(_Stanza(arguments, body))
        line = next(lines)
    if not line.startswith(END + b" "):
        raise NotAge("the header does not end")
    return b"\n".join((*said, END)), stanzas, _bytes(line[len(END) + 1 :])


def _lines(source: IO[bytes]) -> Iterator[bytes]:
    left = LONGEST
    while left > 0:
        line = source.readline(left)
        left -= len(line)
        if not line.endswith(b"\n"):
            break
        yield line[:-1]
    raise NotAge("the header does not end")


def _unwrapped(stanza: _Stanza, identity: X25519PrivateKey) -> bytes | None:
    if stanza.arguments[0] != b"X25519":
        return None
    if len(stanza.arguments) != 2 or len(stanza.body) != KEY_BYTES + TAG_BYTES:
        raise NotAge("a recipient of another kind")
    share, public = _bytes(stanza.arguments[1]), identity.public_key().public_bytes_raw()
    try:
        shared = identity.exchange(X25519PublicKey.from_public_bytes(share))
        wrapping = derived(shared, share + public, WRAPPING)
        return ChaCha20Poly1305(wrapping).decrypt(NO_NONCE, stanza.body, None)
    except InvalidTag:
        return None
    except ValueError as error:  # a share of another length, or one that yields nothing
        raise NotAge("a recipient of another kind") from error


def _sealed(file_key: bytes, said: bytes) -> bytes:
    return hmac.digest(derived(file_key, b"", b"header"), said, sha256)


def _text(raw: bytes) -> bytes:
    return base64.b64encode(raw).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    """Base64 without padding, and only as it would be written."""
    try:
        raw = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise NotAge("no base64") from error
    if _text(raw) != text or len(text) > COLUMNS:
        raise NotAge("no base64")
    return raw
