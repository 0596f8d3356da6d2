"""A certificate is replaced under load: whatever the server began to read is answered."""

import http.client
import os
import signal
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography import x509

from tests.databases import sqlite_only
from tests.operations.pairs import Bringer
from tests.servers import LiveServer
from wesentra.settings import Settings

Start = Callable[..., LiveServer]
PATIENCE = 60
KEPT, FRESH = 4, 2
"""Clients that keep their connection, and such that make one for each request."""


class Clients:
    """Clients that ask as fast as they are answered; each tries a request a second time when its
    connection was closed before a byte of the answer, as browsers do."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        self.port, self.context = port, context
        self.seen: Counter[str] = Counter()
        self.failed: list[str] = []
        self.ended = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        kinds = [True] * KEPT + [False] * FRESH
        threads = [threading.Thread(target=self._ask, args=(kept,)) for kept in kinds]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.ended.set()
            for thread in threads:
                thread.join()

    def _connection(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=self.context)

    def _ask(self, kept: bool) -> None:
        with closing(self._connection()) as connection:
            self._ask_again_and_again(connection, kept)

    def _ask_again_and_again(self, connection: http.client.HTTPSConnection, kept: bool) -> None:
        while not self.ended.wait(0.05):
            try:
                status = self._one(connection)
            except OSError:
                connection.close()
                self.seen["closed"] += 1
                try:
                    status = self._one(connection)
                except (OSError, http.client.HTTPException) as error:
                    status = repr(error)
            except http.client.HTTPException as error:
                status = repr(error)
            self.seen["asked"] += 1
            if status != "200 ok\n":
                self.failed.append(status)
            if not kept:
                connection.close()

    def _one(self, connection: http.client.HTTPSConnection) -> str:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return f"{answer.status} {answer.read().decode()}"


def served_now(port: int, context: ssl.SSLContext) -> int:
    """The serial number of the certificate that a new connection is shown."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    with plain, context.wrap_socket(plain, server_hostname="localhost") as secured:
        shown = secured.getpeercert(binary_form=True)
    assert shown
    return x509.load_der_x509_certificate(shown).serial_number


def wait_until_only(serial: int, port: int, context: ssl.SSLContext) -> None:
    """Until twenty new connections, one after the other, are shown that certificate."""
    deadline, in_a_row = time.monotonic() + PATIENCE, 0
    while in_a_row < 20:
        assert time.monotonic() < deadline, "the old certificate is still served"
        try:
            in_a_row = in_a_row + 1 if served_now(port, context) == serial else 0
        except OSError:
            in_a_row = 0
        time.sleep(0.05)


@contextmanager
def begun_upload(port: int, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    """A form of which the server has half."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    with context.wrap_socket(plain, server_hostname="localhost") as secured:
        head = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n"
        kind = "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        secured.sendall((head + kind).encode() + b"username=" + b"a" * 991)
        yield secured


@pytest.fixture
def bringer(tmp_path: Path) -> Bringer:
    return Bringer(tmp_path / "given")


def line_of(server: LiveServer) -> str:
    assert server.process.stderr
    return server.process.stderr.readline()


def children_of(server: LiveServer) -> list[int]:
    """The processes that the server has started and that live."""
    pid = server.process.pid
    started = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in started if _lives(Path(f"/proc/{one}/stat"))]


def _lives(state: Path) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        return ") Z " not in state.read_text()
    except OSError:
        return False


def last_worker(server: LiveServer) -> int:
    """The one worker, when the one before it has ended."""
    deadline = time.monotonic() + PATIENCE
    while len(children := children_of(server)) > 1:
        assert time.monotonic() < deadline, "the old worker does not end"
        time.sleep(0.1)
    return children[0]


@sqlite_only
def test_nothing_that_was_begun_is_lost_when_the_certificate_changes(
    serve_live: Start, settings: Settings, bringer: Bringer
) -> None:
    (settings.instance / "settings.toml").write_text('language = "en"\njobs = false\n')
    first = bringer.lay()
    server = serve_live(*bringer.arguments)
    context = ssl.create_default_context(cafile=bringer.authority)
    clients = Clients(server.port, context)
    assert served_now(server.port, context) == first
    with clients.at_work(), begun_upload(server.port, context) as upload:
        second = bringer.lay()
        os.kill(server.process.pid, signal.SIGHUP)
        wait_until_only(second, server.port, context)
        upload.sendall(b"a" * 1000)
        assert upload.recv(1000).startswith(b"HTTP/1.1 400 "), "a form of nobody's page, but read"
    assert clients.failed == []
    assert clients.seen["asked"] > 100
    assert clients.seen["closed"] <= KEPT + FRESH

    bringer.key.write_text("-----BEGIN PRIVATE KEY-----\nbroken\n")
    os.kill(server.process.pid, signal.SIGHUP)
    assert line_of(server).startswith("wesentra: The new certificate is not used, the old one")
    os.kill(last_worker(server), signal.SIGKILL)  # its successor starts while the files are broken
    wait_until_only(second, server.port, context)
    assert server.stop() == 0
    assert not list((settings.instance / "tls").glob("served-*"))


@sqlite_only
def test_a_terminal_that_closes_takes_no_process_of_the_server_along(
    serve_live: Start, settings: Settings
) -> None:
    """The hang-up goes to all of them; the server stays, so its parts have to stay as well."""
    server = serve_live("--http-port", "0")
    context = ssl.create_default_context(cafile=server.authority)
    parts = children_of(server)
    assert len(parts) == 2, "the redirect and the worker"
    os.killpg(server.process.pid, signal.SIGHUP)
    time.sleep(1)
    assert served_now(server.port, context)
    assert children_of(server) == parts
