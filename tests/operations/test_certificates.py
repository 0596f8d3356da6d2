"""The certificate of a running server: renewed and replaced, and never by half a pair."""

import socket
import ssl
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.operations.pairs import Bringer, serial_of
from wesentra import clock
from wesentra.operations import certificates, pairs, tls
from wesentra.operations.certificates import Served
from wesentra.refusal import Refused


class Said:
    """What the administrator was told and what went to standard error."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.complaints: list[str] = []

    def tell(self, sentence: str, values: dict[str, object]) -> None:
        self.told.append(sentence % values)

    def complain(self, no: Refused) -> None:
        self.complaints.append(str(no))


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def bringer(tmp_path: Path) -> Bringer:
    made = Bringer(tmp_path / "given")
    made.lay()
    return made


def given(bringer: Bringer, folder: Path, said: Said) -> Served:
    """A server with the pair that `bringer` lays."""
    files = tls.Files(bringer.certificate, bringer.key, bringer.certificate)
    return Served(files, folder / "tls" / "served-1", None, said.tell, said.complain)


def own(folder: Path, said: Said) -> Served:
    """A server with the installation's own certificate."""
    names = tls.wanted_names([])
    files = tls.kept(folder, names)
    copies = folder / "tls" / "served-1"
    return Served(files, copies, lambda: tls.kept(folder, names), said.tell, said.complain)


def test_the_own_certificate_is_renewed_before_it_ends(tmp_path: Path, said: Said) -> None:
    served = own(tmp_path, said)
    before, authority = serial_of(served.certificate), served.source.authority.read_bytes()
    assert not served.look()
    with clock.turned_to(clock.now() + timedelta(days=368)):
        assert served.look()
        served.take_over()
        assert not served.look()
    assert serial_of(served.certificate) != before
    assert served.source.authority.read_bytes() == authority
    assert len(said.told) == 1
    assert said.complaints == []


def test_what_cannot_be_renewed_is_said_once(tmp_path: Path, said: Said) -> None:
    served = own(tmp_path, said)

    def full() -> tls.Files:
        raise OSError(28, "No space left on device")

    served.renew = full
    with clock.turned_to(clock.now() + timedelta(days=368)):
        assert not served.look()
        assert not served.look()
    assert len(said.complaints) == 1
    assert "No space left" in said.complaints[0]


def test_a_new_host_name_does_not_cost_the_authority_while_serving(
    tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Browsers know it; a laptop in another network is given another name."""
    served = own(tmp_path, said)
    authority = served.source.authority.read_bytes()
    monkeypatch.setattr(socket, "gethostname", lambda: "another-network")
    with clock.turned_to(clock.now() + timedelta(days=368)):
        assert served.look()
    assert served.source.authority.read_bytes() == authority


@pytest.mark.parametrize(
    ("found", "laid"),
    [("06072a8648ce3d0201", "06072a8648ce3d020f"), ("a003020102", "a003020107")],
    ids=["a kind of key from the future", "a version from the future"],
)
def test_what_nobody_can_read_yet_is_complained_of_and_does_not_end_the_looking(
    tmp_path: Path, bringer: Bringer, said: Said, found: str, laid: str
) -> None:
    served = given(bringer, tmp_path, said)
    der = ssl.PEM_cert_to_DER_cert(bringer.certificate.read_text())
    other = der.replace(bytes.fromhex(found), bytes.fromhex(laid), 1)
    bringer.certificate.write_text(ssl.DER_cert_to_PEM_cert(other))
    assert not served.look()
    assert len(said.complaints) == 1
    bringer.lay()
    assert served.look()


def test_a_given_pair_is_taken_over_when_its_files_change(
    tmp_path: Path, bringer: Bringer, said: Said
) -> None:
    served = given(bringer, tmp_path, said)
    assert not served.look()
    laid = bringer.lay()
    assert served.look()
    assert serial_of(served.certificate) != laid, "no worker starts with it before it is taken over"
    served.take_over()
    assert serial_of(served.certificate) == laid
    assert served.key.read_bytes() == bringer.key.read_bytes()
    assert served.key.stat().st_mode & 0o777 == 0o600
    assert not served.look()


def no_key(bringer: Bringer) -> None:
    bringer.key.unlink()


def half_a_pair(bringer: Bringer) -> None:
    key = bringer.key.read_bytes()
    bringer.lay()
    bringer.key.write_bytes(key)


def junk(bringer: Bringer) -> None:
    bringer.certificate.write_bytes(b"\xff not a certificate")


def cut_short(bringer: Bringer) -> None:
    bringer.certificate.write_bytes(bringer.certificate.read_bytes()[:200])


def empty(bringer: Bringer) -> None:
    bringer.certificate.write_bytes(b"")


def over(bringer: Bringer) -> None:
    bringer.lay(days_ago=500)


def not_begun(bringer: Bringer) -> None:
    bringer.lay(days_ago=-5)


def with_key(bringer: Bringer, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    name, begin = x509.Name([]), clock.now() - timedelta(hours=1)
    builder = x509.CertificateBuilder(name, name).public_key(key.public_key()).serial_number(7)
    builder = builder.not_valid_before(begin).not_valid_after(begin + timedelta(days=9))
    built = builder.sign(key, hashes.SHA256())
    bringer.certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    pkcs8 = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    bringer.key.write_bytes(key.private_bytes(*pkcs8, serialization.NoEncryption()))


def weak(bringer: Bringer) -> None:
    with_key(bringer, rsa.generate_private_key(65537, 1024))  # noqa: S505 - as it comes


def strange(bringer: Bringer) -> None:
    with_key(bringer, ec.generate_private_key(ec.SECP521R1()))


def locked(bringer: Bringer) -> None:
    key = serialization.load_pem_private_key(bringer.key.read_bytes(), None)
    pkcs8 = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    secret = serialization.BestAvailableEncryption(b"secret")
    bringer.key.write_bytes(key.private_bytes(*pkcs8, secret))


WRONG = (no_key, half_a_pair, junk, cut_short, empty, over, not_begun, weak, strange, locked)


@pytest.mark.parametrize("spoil", WRONG)
def test_a_pair_that_cannot_be_served_is_refused_and_the_old_one_stays(
    tmp_path: Path, bringer: Bringer, said: Said, spoil: Callable[[Bringer], None]
) -> None:
    served = given(bringer, tmp_path, said)
    before = served.certificate.read_bytes(), served.key.read_bytes()
    spoil(bringer)
    assert not served.look()
    assert not served.look()
    assert len(said.complaints) == 1
    assert "\n" not in said.complaints[0]
    assert before == (served.certificate.read_bytes(), served.key.read_bytes())
    bringer.lay()
    assert served.look(), "what is mended is taken"


@pytest.mark.parametrize("spoil", WRONG)
def test_a_server_does_not_begin_with_such_a_pair(
    bringer: Bringer, spoil: Callable[[Bringer], None]
) -> None:
    spoil(bringer)
    with pytest.raises(Refused):
        pairs.read(bringer.certificate, bringer.key)


def test_a_strong_rsa_key_is_served(bringer: Bringer) -> None:
    with_key(bringer, rsa.generate_private_key(65537, 2048))
    assert pairs.read(bringer.certificate, bringer.key).leaf.serial_number == 7


class Reloaded:
    """Stands where the server's main process stands, and counts."""

    def __init__(self) -> None:
        self.times, self.asked = 0, threading.Event()

    def on_startup(self, _hook: Callable[[], None]) -> None:
        """Nothing starts."""

    def on_reload(self, hook: Callable[[], None]) -> None:
        self.hook = hook

    def signal_handler_reload(self) -> None:
        self.times += 1
        self.hook()
        self.asked.set()


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "LOOK_SECONDS", 0.02)


def test_nobody_has_to_say_that_the_files_changed(
    tmp_path: Path, bringer: Bringer, said: Said, often: None
) -> None:
    served, server = given(bringer, tmp_path, said), Reloaded()
    with served.followed_by(server):
        laid = bringer.lay()
        assert server.asked.wait(10)
        assert serial_of(served.certificate) == laid
    assert server.times == 1
    assert not served.key.exists(), "the copy of the key goes with the server"
