"""Keys that are derived from the installation's secret, and what is encrypted under one.

A database that is copied without the instance folder opens nothing of it.
"""

import base64
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

NONCE = 12
"""Bytes; random for each text, as NIST SP 800-38D asks."""


def _key(use: str, secret: str | None = None) -> bytes:
    """A key of its own for each use (HKDF, RFC 5869)."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"wesentra {use}".encode())
    return derive.derive((secret or str(current_app.secret_key)).encode())


def sealed(text: str, belongs_to: str, secret: str | None = None) -> str:
    """`text` encrypted (AES-256-GCM) so that it opens only as what it belongs to.

    By the installation's secret, or by the one that takes its place.
    """
    nonce = os.urandom(NONCE)
    closed = AESGCM(_key("sealing", secret)).encrypt(nonce, text.encode(), belongs_to.encode())
    return base64.b64encode(nonce + closed).decode()


def opened(text: str, belongs_to: str) -> str | None:
    """What was sealed; None for another's, a changed one, or one of another secret."""
    cipher = AESGCM(_key("sealing"))
    try:
        raw = base64.b64decode(text)
        return cipher.decrypt(raw[:NONCE], raw[NONCE:], belongs_to.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def keyed_hash(text: str, use: str) -> str:
    """64 hex digits that nobody can make or compare without the secret (HMAC-SHA-256)."""
    return hmac.digest(_key(use), text.encode(), "sha256").hex()
