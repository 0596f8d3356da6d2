"""Plain HTTP, answered with nothing but the way to HTTPS.

What a browser sends here has already crossed the network in the clear. The answer repeats as
little of it as it can: host and path, never the query, which may hold a telephone number.
"""

import multiprocessing
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import quote, urlsplit

from wesentra.operations.host_names import in_address, normal
from wesentra.operations.orphans import end_with_parent


class Redirect(BaseHTTPRequestHandler):
    """308 to the same path under https; 400 when the client does not say which host it wants."""

    https_port: ClassVar[int] = 443
    protocol_version = "HTTP/1.1"
    timeout = 5  # seconds that a client may keep a thread waiting

    def answer(self) -> None:
        """Send the whole answer and end the connection, reading no body."""
        location = self._location()
        if location is None:
            self.send_response_only(400)
        else:
            self.send_response_only(308)
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def _location(self) -> str | None:
        """Where the request belongs; None when its host or its path is none."""
        try:
            host = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
            path = quote(urlsplit(self.path).path, safe="/%-._~!$&'()*+,;=:@")
        except ValueError:
            return None
        port = "" if self.https_port == 443 else f":{self.https_port}"
        return f"https://{in_address(host)}{port}/{path.lstrip('/')}" if normal(host) else None

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815 - as called

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing: addresses name people."""


def _serve(opened: socket.socket, https_port: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    handler = type("RedirectTo", (Redirect,), {"https_port": https_port})
    server = ThreadingHTTPServer(opened.getsockname()[:2], handler, bind_and_activate=False)
    server.socket.close()
    server.socket = opened
    server.server_activate()
    server.serve_forever()


@contextmanager
def redirecting(opened: socket.socket | None, https_port: int) -> Iterator[None]:
    """Redirect from the bound socket `opened` in a process of its own; None redirects nothing."""
    if opened is None:
        yield
        return
    process = multiprocessing.Process(target=_serve, args=(opened, https_port), daemon=True)
    process.start()
    opened.close()
    try:
        yield
    finally:
        process.terminate()
        process.join()
