"""The key that signs the chain: in the instance's folder, never in the database."""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wesentra.instance import made_once
from wesentra.refusal import Refused
from wesentra.texts import mark

PRIVATE = "log.key"
PUBLIC = "log.pub"


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The key of an instance, made at the first call; the public half lies beside it.

    Raises Refused for a file that holds no Ed25519 key.
    """
    target = folder / PRIVATE
    content = made_once(target, lambda: _private_pem(Ed25519PrivateKey.generate()))
    try:
        key = serialization.load_pem_private_key(content, None)
    except ValueError as error:
        raise _no_key(target) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(target)
    made_once(folder / PUBLIC, lambda: _public_pem(key.public_key()))
    return key


def public_key(file: Path) -> Ed25519PublicKey:
    """The public key in a PEM file. Raises Refused for a file that cannot be read or has none."""
    try:
        key = serialization.load_pem_public_key(file.read_bytes())
    except (OSError, ValueError) as error:
        raise _no_key(file) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(file)
    return key


def _no_key(file: Path) -> Refused:
    return Refused(mark("%(file)s holds no key of an access log."), file=file)


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
