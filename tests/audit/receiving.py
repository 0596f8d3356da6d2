"""Receivers of checkpoints on this machine: a mail server and syslog servers, all very small."""

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

SECONDS = 5


class MailServer:
    """Takes mail like any SMTP server; `messages` holds them as they came, headers and all.

    With a `context` it offers STARTTLS, or speaks TLS from the first byte (`at_once`). `password`:
    who signs in by it. `hangs`: takes the connection and says nothing.
    """

    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        *,
        at_once: bool = False,
        password: str = "",
        hangs: bool = False,
        unknown: tuple[str, ...] = (),
    ) -> None:
        self.context, self.at_once, self.password = context, at_once, password
        self.hangs, self.unknown = hangs, unknown
        self.messages: list[str] = []
        self.encrypted: list[bool] = []
        self.signed_in = False
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.socket.getsockname()[1])
        self.open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a connection
        for each in (self.socket, *self.open):
            each.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.open.append(connection)
            if not self.hangs:
                with suppress(OSError):
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        if self.at_once and self.context:
            connection = self.context.wrap_socket(connection, server_side=True)
        connection.settimeout(SECONDS)
        self._say(connection, "220 here")
        file = connection.makefile("rb")
        while line := file.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "STARTTLS" and self.context:
                self._say(connection, "220 go on")
                connection = self.context.wrap_socket(connection, server_side=True)
                file = connection.makefile("rb")
            elif word == "DATA":
                self._say(connection, "354 go on")
                lines = iter(file.readline, b".\r\n")
                self.messages.append(b"".join(lines).decode("ascii").replace("\r\n", "\n"))
                self.encrypted.append(isinstance(connection, ssl.SSLSocket))
                self._say(connection, "250 taken")
            else:
                self._say(connection, *self._answer(word, line))
            if word == "QUIT":
                break
        connection.close()

    def _answer(self, word: str, line: str) -> tuple[str, ...]:
        if word == "EHLO":
            return ("250-here", "250-AUTH PLAIN", "250-STARTTLS", "250 8BITMIME")
        if word == "AUTH":
            given = base64.b64decode(line.split()[2]).decode().split("\0")[2]
            self.signed_in = given == self.password
            return ("235 welcome",) if self.signed_in else (f"535 {line} is wrong",)
        if word == "MAIL" and self.password and not self.signed_in:
            return ("530 sign in first",)
        if any(name in line for name in self.unknown):
            return (f"550 {line} is unknown",)
        return ("221 bye",) if word == "QUIT" else ("250 yes",)

    def _say(self, connection: socket.socket, *lines: str) -> None:
        connection.sendall("".join(f"{line}\r\n" for line in lines).encode())


class SyslogServer:
    """Keeps what it is sent over UDP, TCP, TLS (by its `context`), or a socket of this machine."""

    def __init__(
        self, kind: str, path: str = "", port: int = 0, context: ssl.SSLContext | None = None
    ) -> None:
        family = socket.AF_UNIX if path else socket.AF_INET
        stream = kind in ("tcp", "tls")
        self.context = context if kind == "tls" else None
        self.socket = socket.socket(family, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM)
        if not path:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place: Any = path or ("127.0.0.1", port)
        self.socket.bind(place)
        self.port = 0 if path else int(self.socket.getsockname()[1])
        self.received: list[str] = []
        self.arrived = threading.Condition()
        threading.Thread(target=self._streams if stream else self._packets, daemon=True).start()

    def wait_for(self, number: int) -> list[str]:
        """What arrived, once it is so many messages (or, by streams, connections)."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.received) >= number, SECONDS)
            return list(self.received)

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def _keep(self, data: bytes) -> None:
        with self.arrived:
            self.received.append(data.decode("ascii"))
            self.arrived.notify_all()

    def _packets(self) -> None:
        with suppress(OSError):
            while data := self.socket.recv(65536):
                self._keep(data)

    def _streams(self) -> None:
        self.socket.listen()
        with suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                with suppress(ssl.SSLError):
                    self._read(connection)

    def _read(self, connection: socket.socket) -> None:
        """All of one connection; by TLS only what is ended as TLS ends it."""
        with connection:
            if self.context:
                connection = self.context.wrap_socket(
                    connection, server_side=True, suppress_ragged_eofs=False
                )
            with connection, connection.makefile("rb") as file:
                self._keep(file.read())


@contextmanager
def receiving(server: Any) -> Iterator[Any]:
    """A server, closed at the end."""
    try:
        yield server
    finally:
        server.close()
