"""Certificates that somebody brings: pairs of an authority of the test's own."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from wesentra import clock
from wesentra.instance import write_private
from wesentra.operations import tls


class Bringer:
    """An administrator with an authority, who lays certificates into two files."""

    def __init__(self, folder: Path, names: Iterable[str] = ()) -> None:
        folder.mkdir(exist_ok=True)
        self.certificate, self.key = folder / "given.pem", folder / "given.key"
        self.names = tls.wanted_names(names)
        self._authority = tls._new_authority(self.names)
        self.authority = folder / "authority.pem"
        pem = self._authority.certificate.public_bytes(serialization.Encoding.PEM)
        write_private(self.authority, pem)

    def lay(self, days_ago: int = 0) -> int:
        """Lay a new pair, begun so many days ago; its serial number."""
        with clock.turned_to(clock.now() - timedelta(days=days_ago)):
            pair = tls._new_leaf(self._authority, self.names)
        pair.save(self.certificate, self.key)
        return pair.certificate.serial_number

    @property
    def arguments(self) -> tuple[str, ...]:
        """How `wesentra serve` is told of them."""
        return ("--cert", str(self.certificate), "--key", str(self.key))


def serial_of(pem: Path) -> int:
    """The serial number of the certificate in a file."""
    return x509.load_pem_x509_certificate(pem.read_bytes()).serial_number
