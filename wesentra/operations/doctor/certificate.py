"""How long the server's certificate is good, and whether it names what the intranet calls it."""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from wesentra import clock
from wesentra.operations import pairs, tls
from wesentra.operations.doctor.checked import Checked, good, refused, weak, wrong
from wesentra.operations.host_names import normal
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

WHAT = mark("Certificate")
OTHERS = 0o007
"""Bits of a mode that let everybody do anything."""
RESTART = mark("Restart the server (wesentra serve): it makes a new certificate.")
ANOTHER = mark("Get a new certificate and start the server with it (--cert, --key).")


def of_server(settings: Settings, given: Path | None) -> list[Checked]:
    """The check of the certificate `given` or set, or of the one the installation made itself."""
    if given is None and settings.tls_certificate and settings.tls_key:
        given = Path(settings.tls_certificate)
        if found := of_key(given, Path(settings.tls_key)):
            return found
    if given is None and settings.behind_proxy:
        return [good(WHAT, mark("the proxy has it; Wesentra answers on this machine only."))]
    file = given or settings.instance / "tls" / "server.pem"
    try:
        held = x509.load_pem_x509_certificate(file.read_bytes())
    except FileNotFoundError:
        said = mark("none has been made here yet.")
        mend = mark(
            "Start the server once (wesentra serve). If it has a certificate of your own, name it: "
            "wesentra doctor --cert FILE."
        )
        return [weak(WHAT, said, mend)]
    except (OSError, ValueError):
        said = mark("%(file)s cannot be read, or is no certificate.")
        return [wrong(WHAT, said, ANOTHER if given else RESTART, file=file)]
    names = () if given else settings.server_names
    return check(held, clock.now(), names, ANOTHER if given else RESTART)


def of_key(certificate: Path, key: Path) -> list[Checked]:
    """Whether the server can use the key that somebody brought, and who else can; nothing while it
    is good. Its group may read it: on many systems one is there for that."""
    try:
        pairs.read(certificate, key)
    except Refused as no:
        return [refused(WHAT, no)]
    if os.name != "nt" and key.stat().st_mode & OTHERS:
        said = mark("other accounts can read or change %(file)s.")
        return [wrong(WHAT, said, mark("chmod o-rwx %(file)s"), file=key)]
    return []


def check(held: x509.Certificate, now: datetime, names: Iterable[str], mend: str) -> list[Checked]:
    """What is wrong with a certificate at a moment; `names` it has to hold, `mend` renews it."""
    left, until = held.not_valid_after_utc - now, held.not_valid_after_utc
    if left <= timedelta(0):
        return [wrong(WHAT, mark("it ended on %(day)s."), mend, day=until)]
    if held.not_valid_before_utc > now:
        said, start = mark("it is good only from %(day)s on."), held.not_valid_before_utc
        return [wrong(WHAT, said, mark("Set the clock of this machine."), day=start)]
    key = held.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < pairs.RSA_BITS:
        return [wrong(WHAT, mark("its RSA key has %(bits)s bits only."), mend, bits=key.key_size)]
    if missing := _missing(held, names):
        said = mark("it does not name %(names)s.")
        return [wrong(WHAT, said, mend, names=", ".join(missing))]
    if left <= timedelta(days=tls.RENEW_DAYS):
        return [weak(WHAT, mark("it ends on %(day)s."), mend, day=until)]
    return [good(WHAT, mark("it is good until %(day)s."), day=until)]


def _missing(held: x509.Certificate, names: Iterable[str]) -> Sequence[str]:
    try:
        said = set(held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except x509.ExtensionNotFound:
        said = set()
    return [name for name in names if (own := normal(name)) is not None and own not in said]
