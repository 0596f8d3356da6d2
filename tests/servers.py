"""Fixtures: the application served over HTTPS on a free loopback port.

`live_server` is the real thing, `wesentra serve` in processes of its own (about a second).
`light_server` serves from threads of the test's own process (milliseconds): for browser tests
that are about pages, not about the server.
"""

import os
import re
import select
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest
from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from tests.databases import Database
from wesentra.operations import tls
from wesentra.settings import Settings

START_SECONDS = 20
STOP_SECONDS = 15


@dataclass
class LiveServer:
    """`wesentra serve` as a user starts it. `url` is known once it is started."""

    instance: Path
    environ: dict[str, str]
    arguments: tuple[str, ...] = ()
    url: str = ""
    process: subprocess.Popen[str] = field(init=False)

    @property
    def authority(self) -> Path:
        """The certificate to trust, for clients that verify."""
        return self.instance / "tls" / "authority.pem"

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def start(self, port: int = 0) -> Self:
        """Start the program and wait until it takes connections."""
        command = [sys.executable, "-m", "wesentra", "--instance", str(self.instance), "serve"]
        command += ["--host", "127.0.0.1", "--port", str(port), *self.arguments]
        self.process = subprocess.Popen(
            command,
            env=clean_environ() | self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.url = self._announced()
        self._wait_for_connection()
        return self

    def stop(self) -> int:
        """End it as an administrator does; the exit code."""
        self.process.terminate()
        return self._ended()

    def kill(self) -> None:
        """End every process of it with no time for anything, like a power cut."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self._ended()

    def _ended(self) -> int:
        self.process.communicate(timeout=STOP_SECONDS)
        return self.process.returncode

    def _announced(self) -> str:
        output = self.process.stdout
        assert output
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if select.select([output], [], [], 0.1)[0]:
                line = output.readline()
                if found := re.search(r"https?://[\w.:]+", line):
                    return found[0]
                if not line:
                    break
        self.process.kill()
        raise AssertionError(f"wesentra serve did not start: {self.process.communicate()[1]}")

    def _wait_for_connection(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        self.process.kill()
        raise AssertionError(f"nobody listens: {self.process.communicate()[1]}")


def clean_environ() -> dict[str, str]:
    """The environment without any setting of ours."""
    return {key: value for key, value in os.environ.items() if not key.startswith("WESENTRA_")}


@pytest.fixture
def serve_live(database: Database, settings: Settings) -> Iterator[Callable[..., LiveServer]]:
    """Starts servers with more arguments: `serve_live("--workers", "2")`; stops them after."""
    with ExitStack() as stack:

        def start(*arguments: str) -> LiveServer:
            server = LiveServer(settings.instance, database.environ(), arguments).start()
            stack.callback(lambda: server.process.poll() is None and server.stop())
            return server

        yield start


@pytest.fixture
def live_server(serve_live: Callable[..., LiveServer]) -> LiveServer:
    """The real server on a fresh database."""
    return serve_live()


class _Quiet(WSGIRequestHandler):
    """Says nothing about requests: a failed test shows its own words only."""

    def log_request(self, *_: object) -> None:
        """Nothing."""


class _Light(ThreadedWSGIServer):
    """Threads that speak TLS: the handshake is each thread's own, so that no client can hold up
    another by connecting and saying nothing, as browsers do.
    """

    daemon_threads = True

    def __init__(self, app: Flask, context: ssl.SSLContext) -> None:
        super().__init__("127.0.0.1", 0, app, handler=_Quiet)
        self.ssl_context = context
        self.open_connections: set[socket.socket] = set()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        assert self.ssl_context
        try:
            request = self.ssl_context.wrap_socket(request, server_side=True)
        except OSError:
            self.shutdown_request(request)
            return
        self.open_connections.add(request)
        super().process_request_thread(request, client_address)
        self.open_connections.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is no error; everything else is."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@pytest.fixture(scope="session")
def light_context(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """TLS with a certificate of a local authority."""
    files = tls.ensure(tmp_path_factory.mktemp("light"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)
    return context


@contextmanager
def served(app: Flask, context: ssl.SSLContext) -> Iterator[str]:
    """`app` over HTTPS from threads of this process; its address, without a slash at the end."""
    server = _Light(app, context)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        for connection in tuple(server.open_connections):
            connection.close()
        server.server_close()


@pytest.fixture
def light_server(app: Flask, light_context: ssl.SSLContext) -> Iterator[str]:
    """The address of `app` served from this process: https://127.0.0.1:PORT, without a slash."""
    with served(app, light_context) as url:
        yield url
