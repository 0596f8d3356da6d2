"""The installation's own certificate authority and server certificate.

Served until somebody brings a certificate of their own. The authority may vouch for the names of
this one server and for nothing else (name constraints, RFC 5280 4.2.1.10), so that a browser that
trusts it risks nothing when its key is stolen.
"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from wesentra import clock
from wesentra.instance import make_folder, write_private
from wesentra.operations.host_names import normal

LEAF_DAYS = 397
"""The longest that browsers accept (CA/Browser Forum, ballot SC-31)."""
RENEW_DAYS = 30
AUTHORITY = "authority.pem"
AUTHORITY_DAYS = 3650
BACKDATED = timedelta(hours=1)  # for clients whose clock is slow


@dataclass(frozen=True)
class Files:
    """What a server needs (`certificate`, `key`) and what browsers are given (`authority`)."""

    certificate: Path
    key: Path
    authority: Path
    other_authority: bool = False
    """Whether browsers were given another authority before, and have to be given this one."""


@dataclass(frozen=True)
class _Pair:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def save(self, certificate: Path, key: Path) -> None:
        """Write both; the key first, so that no certificate stands without its key."""
        pkcs8 = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        write_private(key, pkcs8)
        write_private(certificate, self.certificate.public_bytes(serialization.Encoding.PEM))


def ensure(instance: Path, extra: Iterable[str] = ()) -> Files:
    """The certificate of this host in `instance`/tls, made or renewed where needed.

    Valid for localhost, the loopback addresses, this host's name and `extra` names or addresses.
    A certificate with less than 30 days left is renewed; names that the authority may not vouch
    for need a new one, names that are dropped do not.
    """
    return kept(instance, wanted_names(extra))


def kept(instance: Path, names: list[x509.GeneralName]) -> Files:
    """The same for the `names` of a running server; other ones may need another authority."""
    folder = make_folder(make_folder(instance) / "tls")
    files = Files(folder / "server.pem", folder / "server.key", folder / AUTHORITY)
    authority = _load(files.authority, folder / "authority.key")
    if authority is None or not _covers(authority.certificate, names):
        files = replace(files, other_authority=files.authority.exists())
        authority = _new_authority(names)
        authority.save(files.authority, folder / "authority.key")
    leaf = _load(files.certificate, files.key)
    if leaf is None or not _serves(leaf.certificate, authority.certificate, names):
        _new_leaf(authority, names).save(files.certificate, files.key)
    return files


def wanted_names(extra: Iterable[str]) -> list[x509.GeneralName]:
    """The names and addresses of this host, each once, without what no certificate can hold."""
    own = ("localhost", "127.0.0.1", "::1", socket.gethostname())
    return list(dict.fromkeys(name for each in (*own, *extra) if (name := normal(each))))


def _load(certificate: Path, key: Path) -> _Pair | None:
    """The pair on disk; None when it is missing, damaged or does not belong together."""
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    except (OSError, ValueError):
        return None
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        return None
    return _Pair(found, private) if found.public_key() == private.public_key() else None


def is_due(leaf: x509.Certificate) -> bool:
    """Whether `leaf` has less than 30 days left."""
    return _left(leaf) <= timedelta(days=RENEW_DAYS)


def _left(certificate: x509.Certificate) -> timedelta:
    return certificate.not_valid_after_utc - clock.now()


def _covers(authority: x509.Certificate, names: list[x509.GeneralName]) -> bool:
    """Whether `authority` may vouch for `names`, longer than a new certificate lasts.

    One that may vouch for every name is none of ours: it is not used.
    """
    try:
        limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    covered = set(limits.permitted_subtrees or ()) >= set(map(_constraint, names))
    return covered and _left(authority) > timedelta(days=LEAF_DAYS)


def _serves(
    leaf: x509.Certificate, authority: x509.Certificate, names: list[x509.GeneralName]
) -> bool:
    """Whether `leaf` is of `authority`, names `names` and lasts another 30 days."""
    try:
        held = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        leaf.verify_directly_issued_by(authority)
    except (x509.ExtensionNotFound, ValueError, TypeError, InvalidSignature):
        return False
    return set(held) == set(names) and not is_due(leaf)


def _constraint(name: x509.GeneralName) -> x509.GeneralName:
    """The narrowest subtree that holds `name`: the name itself, or a network of one address."""
    return x509.IPAddress(ip_network(name.value)) if isinstance(name, x509.IPAddress) else name


def _new_authority(names: list[x509.GeneralName]) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    title = f"Wesentra {socket.gethostname()} {clock.today().isoformat()}"[:64]
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
    limits = x509.NameConstraints(
        permitted_subtrees=list(map(_constraint, names)), excluded_subtrees=None
    )
    builder = (
        _begin(name, name, key, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(limits, critical=True)
    )
    return _Pair(builder.sign(key, hashes.SHA256()), key)


def _new_leaf(authority: _Pair, names: list[x509.GeneralName]) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Wesentra")])
    issuer = authority.certificate
    of_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = (
        _begin(subject, issuer.subject, key, LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(of_issuer, critical=False)
    )
    return _Pair(builder.sign(authority.key, hashes.SHA256()), key)


def _begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    start: datetime = clock.now() - BACKDATED
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    """Signing certificates for the authority, signing handshakes for the server."""
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
