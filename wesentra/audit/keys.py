"""The key that signs the chain: in the instance's folder, never in the database."""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, select

from wesentra.audit.entry import LogCheckpoint
from wesentra.audit.seal import fingerprint
from wesentra.instance import made_once
from wesentra.refusal import Refused
from wesentra.texts import mark

PRIVATE = "log.key"
PUBLIC = "log.pub"
LOST = mark(
    "%(file)s is missing, which signed this register's log. Restore it with the database: a new "
    "key would make the log look forged."
)


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The key of an instance, made at the first call; the public half lies beside it.

    Raises Refused for a file that holds no Ed25519 key, and for halves that do not belong together
    or of which only the public one is there: then the other was lost, and a new one is no use.
    """
    target = folder / PRIVATE
    if (folder / PUBLIC).exists() and not target.exists():
        raise Refused(LOST, file=target)
    content = made_once(target, lambda: _private_pem(Ed25519PrivateKey.generate()))
    try:
        key = serialization.load_pem_private_key(content, None)
    except ValueError as error:
        raise _no_key(target) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(target)
    made_once(folder / PUBLIC, lambda: _public_pem(key.public_key()))
    if public_key(folder / PUBLIC) != key.public_key():
        raise Refused(
            mark("%(public)s is not the public half of %(file)s. Restore both from one backup."),
            public=folder / PUBLIC,
            file=target,
        )
    return key


def demand(connection: Connection, folder: Path) -> None:
    """See that the key of an instance is the one that signed its register's log, before it signs.

    One checkpoint by it is enough: others' are for the verification to find. A log without any has
    no key yet. Raises Refused where the key is lost or another one's, and as `signing_key` does.
    """
    signed = connection.scalar(select(LogCheckpoint.key).limit(1))
    if signed is None:
        return
    if not (folder / PRIVATE).exists():
        raise Refused(LOST, file=folder / PRIVATE)
    own = fingerprint(signing_key(folder).public_key())
    query = select(LogCheckpoint.number).where(LogCheckpoint.key == own).limit(1)
    if connection.scalar(query) is None:
        raise Refused(
            mark(
                "%(file)s has signed nothing in this register's log. Restore the key %(key)s, "
                "which did; all servers of one register have the same."
            ),
            file=folder / PRIVATE,
            key=signed,
        )


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
