"""A certificate with its key: whether a server can use the two, before it does."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from wesentra import clock
from wesentra.refusal import Refused
from wesentra.texts import mark

RSA_BITS = 2048
"""The shortest RSA key that browsers accept (CA/Browser Forum, Baseline Requirements 6.1.5)."""
CURVES = (ec.SECP256R1, ec.SECP384R1)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class Pair:
    """What stands in the two files, and the server's certificate among it."""

    certificate: bytes
    key: bytes
    leaf: x509.Certificate


def read(certificate: Path, key: Path) -> Pair:
    """The pair in the two files; raises Refused, in one sentence, for what cannot be served.

    The server reads the files again by itself and ends over what it cannot use, so everything
    that it would stumble over is asked for here.
    """
    chain, secret = _content(certificate, unusable), _content(key, _unusable_key)
    if b"-----BEGIN PRIVATE KEY-----" not in secret:
        raise Refused(mark("The key %(file)s is not in PKCS #8 form."), file=key)
    leaf = _leaf(certificate, chain)
    if leaf.public_key() != _key(key, secret).public_key():
        raise Refused(
            mark("The key %(file)s does not belong to the certificate %(certificate)s."),
            file=key,
            certificate=certificate,
        )
    return Pair(chain, secret, leaf)


def _content(file: Path, no: Callable[[Path, object], Refused]) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise no(file, error.strerror or error) from error


def _leaf(file: Path, chain: bytes) -> x509.Certificate:
    try:
        leaf = x509.load_pem_x509_certificates(chain)[0]
        leaf.public_key()
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise unusable(file, "PEM") from error
    if leaf.version is not x509.Version.v3:
        raise unusable(file, "X.509 v1")
    begins, ends = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if not begins <= clock.now() < ends:
        raise Refused(
            mark("The certificate %(file)s is valid from %(begins)s to %(ends)s only."),
            file=file,
            begins=begins.date(),
            ends=ends.date(),
        )
    return leaf


def _key(file: Path, secret: bytes) -> Key:
    """The private key, if it is of a kind that TLS 1.2 and 1.3 are served with here."""
    try:
        key = load_pem_private_key(secret, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unusable_key(file, "PEM") from error
    strong = isinstance(key, rsa.RSAPrivateKey) and key.key_size >= RSA_BITS
    curve = isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, CURVES)
    if isinstance(key, Key) and (strong or curve or isinstance(key, ed25519.Ed25519PrivateKey)):
        return key
    raise Refused(
        mark("The key %(file)s has to be RSA of 2048 bits or more, P-256, P-384 or Ed25519."),
        file=file,
    )


def unusable(file: Path, reason: object) -> Refused:
    """That the certificate in `file` cannot be used, and why."""
    return Refused(
        mark("The certificate %(file)s cannot be used: %(reason)s."), file=file, reason=reason
    )


def _unusable_key(file: Path, reason: object) -> Refused:
    return Refused(mark("The key %(file)s cannot be used: %(reason)s."), file=file, reason=reason)
