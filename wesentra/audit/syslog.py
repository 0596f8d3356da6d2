"""Checkpoints to a syslog server: RFC 5424, over TLS (RFC 5425), UDP (RFC 5426), TCP (RFC 6587) or
a socket of this machine."""

import re
import socket
import ssl
from collections.abc import Sequence
from contextlib import closing, suppress

from wesentra.audit.restorations import Restoration
from wesentra.audit.seal import Checkpoint
from wesentra.receivers import SyslogAddress

PRIORITY = 13 * 8 + 5
"""Facility 13, log audit; severity 5, notice (RFC 5424, 6.2.1)."""
TIMEOUT = 10.0
"""Seconds to connect and to send."""
OBJECTION = 0.5
"""Seconds to wait for a refusal after the last message: syslog itself never answers."""


class Syslog:
    """A syslog server. It confirms nothing: what a closed port refuses is all that can be told."""

    name, at_once, most = "syslog", True, 1000

    def __init__(self, address: SyslogAddress) -> None:
        self.address = address

    def where(self) -> str:
        """The address of the setting."""
        return str(self.address)

    def held(self, restores: Sequence[Restoration]) -> None:
        """Nobody can look."""

    def send(self, lines: Sequence[str], checkpoints: Sequence[Checkpoint]) -> None:
        """Send one message a checkpoint."""
        messages = [_message(line, one) for line, one in zip(lines, checkpoints, strict=True)]
        with closing(_opened(self.address)) as server:
            if server.type == socket.SOCK_STREAM:
                server.sendall(b"".join(map(self._framed, messages)))
                _ended(server)
            else:
                for each in messages:
                    server.send(each)
            server.settimeout(OBJECTION)
            with suppress(TimeoutError, ssl.SSLError):  # not all take leave as TLS asks for
                server.recv(1)

    def _framed(self, message: bytes) -> bytes:
        """By counting octets (RFC 5425, 4.3; RFC 6587, 3.4.1); a socket of this machine takes
        lines."""
        if self.address.kind in ("tcp", "tls"):
            return b"%d %s" % (len(message), message)
        return message + b"\n"


def _message(line: str, one: Checkpoint) -> bytes:
    """One message: header, no structured data, the line (RFC 5424, 6)."""
    host = re.sub(r"[^!-~]", "", socket.gethostname())[:255] or "-"
    head = f"<{PRIORITY}>1 {one.at.isoformat()} {host} wesentra - checkpoint -"
    return f"{head} {line}".encode("ascii")


def _ended(server: socket.socket) -> None:
    """Say that nothing follows; over TLS as it has to be said (RFC 5425, 4.4)."""
    if not isinstance(server, ssl.SSLSocket):
        server.shutdown(socket.SHUT_WR)
        return
    server.settimeout(OBJECTION)
    with suppress(TimeoutError, ssl.SSLError):
        server.unwrap()


def _opened(address: SyslogAddress) -> socket.socket:
    if address.kind in ("tcp", "tls"):
        plain = socket.create_connection((address.host, address.port), TIMEOUT)
        return _encrypted(plain, address.host) if address.kind == "tls" else plain
    if address.kind == "udp":
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM)
        return _connected(found[0][0], socket.SOCK_DGRAM, found[0][4])
    try:
        return _connected(socket.AF_UNIX, socket.SOCK_DGRAM, address.path)
    except OSError:
        return _connected(socket.AF_UNIX, socket.SOCK_STREAM, address.path)


def _encrypted(plain: socket.socket, host: str) -> socket.socket:
    """TLS with a server that proves to be `host`; raises OSError for any other."""
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _connected(family: int, kind: int, place: object) -> socket.socket:
    opened = socket.socket(family, kind)
    opened.settimeout(TIMEOUT)
    try:
        opened.connect(place)  # type: ignore[arg-type]
    except OSError:
        opened.close()
        raise
    return opened
