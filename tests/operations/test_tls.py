"""The installation's own certificate: accepted by clients, and good for this host only."""

import shutil
import socket
import ssl
import stat
import subprocess
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from wesentra import clock
from wesentra.operations import tls
from wesentra.operations.host_names import normal


def handshake(files: tls.Files, name: str) -> str | None:
    """The TLS version that a client agrees on when it wants to speak to `name`."""
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(files.certificate, files.key)
    client = ssl.create_default_context(cafile=files.authority)
    here, there = socket.socketpair()

    def answer() -> None:
        try:
            server.wrap_socket(there, server_side=True).close()
        except OSError:
            there.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with client.wrap_socket(here, server_hostname=name) as secured:
            return secured.version()
    finally:
        here.close()
        thread.join()


def days_left(file: Path) -> int:
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    return (certificate.not_valid_after_utc - clock.now()).days


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", socket.gethostname()])
def test_a_client_that_trusts_the_authority_trusts_this_host(tmp_path: Path, name: str) -> None:
    assert handshake(tls.ensure(tmp_path), name) == "TLSv1.3"


def test_a_further_name_is_served_when_asked_for(tmp_path: Path) -> None:
    assert handshake(tls.ensure(tmp_path, ["crm.example", "10.1.2.3"]), "crm.example")


def test_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        handshake(tls.ensure(tmp_path), "bank.example")


@pytest.mark.parametrize("stolen", ["bank.example", "10.9.8.7"])
def test_a_stolen_authority_key_cannot_vouch_for_others(tmp_path: Path, stolen: str) -> None:
    """The signature is right and the name is asked for; the name constraints refuse."""
    files = tls.ensure(tmp_path)
    authority = tls._load(files.authority, tmp_path / "tls" / "authority.key")
    assert authority
    forged = tls._new_leaf(authority, [n for n in map(normal, [stolen]) if n])
    forged.save(files.certificate, files.key)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(files, stolen)


def test_openssl_agrees(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("the program openssl is not here; Python's own check is above")
    files = tls.ensure(tmp_path)
    command = [openssl, "verify", "-x509_strict", "-purpose", "sslserver"]
    command += ["-CAfile", str(files.authority), str(files.certificate)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.endswith(
        "OK\n"
    )


def test_keys_are_private_and_in_pkcs8(tmp_path: Path) -> None:
    files = tls.ensure(tmp_path)
    for key in (files.key, tmp_path / "tls" / "authority.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert key.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
        assert serialization.load_pem_private_key(key.read_bytes(), password=None)
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700


def test_the_second_start_changes_nothing(tmp_path: Path) -> None:
    first = {file: file.read_bytes() for file in (tls.ensure(tmp_path).key.parent).iterdir()}
    tls.ensure(tmp_path)
    assert first == {file: file.read_bytes() for file in first}


def test_it_lasts_397_days_and_is_renewed_with_less_than_30_left(tmp_path: Path) -> None:
    files = tls.ensure(tmp_path)
    authority = files.authority.read_bytes()
    assert days_left(files.certificate) in (396, 397)
    with clock.turned_to(clock.now() + timedelta(days=366)):
        before = files.certificate.read_bytes()
        assert tls.ensure(tmp_path).certificate.read_bytes() == before
    with clock.turned_to(clock.now() + timedelta(days=368)):
        tls.ensure(tmp_path)
        assert days_left(files.certificate) in (396, 397)
    assert files.authority.read_bytes() == authority


def test_an_authority_near_its_end_is_made_anew(tmp_path: Path) -> None:
    files = tls.ensure(tmp_path)
    before = files.authority.read_bytes()
    with clock.turned_to(clock.now() + timedelta(days=tls.AUTHORITY_DAYS - tls.LEAF_DAYS + 1)):
        tls.ensure(tmp_path)
    assert files.authority.read_bytes() != before


def test_a_name_that_is_dropped_leaves_the_authority_that_browsers_know(tmp_path: Path) -> None:
    assert not tls.ensure(tmp_path).other_authority
    wider = tls.ensure(tmp_path, ["crm.example"])
    assert wider.other_authority
    known = wider.authority.read_bytes()
    narrower = tls.ensure(tmp_path)
    assert not narrower.other_authority
    assert narrower.authority.read_bytes() == known
    assert handshake(narrower, "localhost")
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        handshake(narrower, "crm.example")
    assert tls.ensure(tmp_path, ["crm.example"]).authority.read_bytes() == known


def test_an_authority_without_limits_is_not_used(tmp_path: Path) -> None:
    files = tls.ensure(tmp_path)
    pair = tls._new_leaf(tls._new_authority(tls.wanted_names([])), tls.wanted_names([]))
    pair.save(files.authority, tmp_path / "tls" / "authority.key")
    assert tls.ensure(tmp_path).other_authority
    assert handshake(files, "localhost")


def test_damaged_files_are_made_anew(tmp_path: Path) -> None:
    files = tls.ensure(tmp_path)
    files.key.write_text("not a key")
    assert handshake(tls.ensure(tmp_path), "localhost")


def test_names_that_no_certificate_can_hold_are_left_out() -> None:
    named = tls.wanted_names(["my_host", "-", "", "a" * 300])
    assert named == tls.wanted_names([])
