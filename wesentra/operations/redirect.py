"""Plain HTTP, answered with nothing but the way to HTTPS.

What a browser sends here has already crossed the network in the clear. The answer repeats as
little of it as it can: the path, never the query, which may hold a telephone number. It leads to
a name of the server's certificate or nowhere, and nothing of it is logged.
"""

import asyncio
import multiprocessing
import re
import signal
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

from cryptography import x509

from wesentra.operations.host_names import in_address, normal
from wesentra.operations.orphans import end_with_parent

HEAD_BYTES = 8 * 1024
SECONDS = 5.0
"""What a request may be long and take, from the connection to its last line."""
CONNECTIONS, OF_ONE_ADDRESS = 256, 16
"""Connections at the same time; whoever has more of them is closed at once."""
REQUEST = re.compile(rb"(?:GET|HEAD) (?P<target>[!-~]+) HTTP/1\.[01]")


def answer(head: bytes, names: list[x509.GeneralName], https_port: int) -> bytes:
    """308 to the same path under https; 400 where `head` (up to the empty line) asks for another
    host than one of `names`, sends something, or is no request."""
    location = _location(head, names, https_port)
    status = f"308 Permanent Redirect\r\nLocation: {location}" if location else "400 Bad Request"
    fixed = "Cache-Control: no-store\r\nContent-Length: 0\r\nConnection: close"
    return f"HTTP/1.1 {status}\r\n{fixed}\r\n\r\n".encode()


def _location(head: bytes, names: list[x509.GeneralName], https_port: int) -> str | None:
    first, *lines = head.split(b"\r\n")
    request = REQUEST.fullmatch(first)
    fields = [line.partition(b":") for line in lines]
    hosts = [value.strip() for name, _, value in fields if name.lower() == b"host"]
    if request is None or len(hosts) != 1:
        return None
    try:
        host = urlsplit(f"//{hosts[0].decode('ascii')}").hostname or ""
        path = urlsplit(request["target"].decode("ascii")).path
    except ValueError:
        return None
    if not _is_ours(host, names):
        return None
    port = "" if https_port == 443 else f":{https_port}"
    place = quote(path, safe="/%-._~!$&'()*+,;=:@").lstrip("/")
    return f"https://{in_address(host)}{port}/{place}"


def _is_ours(host: str, names: list[x509.GeneralName]) -> bool:
    """Whether `names` hold `host`, itself or by a star for its first label (RFC 6125, 6.4.3)."""
    asked = normal(host)
    if isinstance(asked, x509.DNSName):
        return not {asked, x509.DNSName(f"*.{asked.value.partition('.')[2]}")}.isdisjoint(names)
    return asked in names


def names_in(certificate: Path) -> list[x509.GeneralName]:
    """The names of the server that `certificate` is for; none when it cannot be read."""
    try:
        leaf = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
        held = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return []
    lower = {x509.DNSName(one.lower()) for one in held.get_values_for_type(x509.DNSName)}
    return [*lower, *held]


GIVE_UP = (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
"""What ends a connection without an answer: gone, too slow, broken off, too long."""


class Redirect:
    """Answers connections, few at a time and each for a short while."""

    def __init__(self, certificate: Path, https_port: int) -> None:
        self.certificate, self.https_port = certificate, https_port
        self.open: Counter[str] = Counter()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, closed after its first request, or without one."""
        peer = str((writer.get_extra_info("peername") or [""])[0])
        self.open[peer] += 1
        try:
            if self.open[peer] <= OF_ONE_ADDRESS and self.open.total() <= CONNECTIONS:
                with suppress(*GIVE_UP):
                    async with asyncio.timeout(SECONDS):
                        head = await reader.readuntil(b"\r\n\r\n")
                        names = names_in(self.certificate)
                        writer.write(answer(head[:-4], names, self.https_port))
                        await writer.drain()
        finally:
            self.open[peer] -= 1
            self.open += Counter()  # forgets who has none open
            writer.close()

    async def serve(self, opened: socket.socket) -> None:
        """Answer whoever comes to the bound socket `opened`, for ever."""
        server = await asyncio.start_server(self.meet, sock=opened, limit=HEAD_BYTES)
        await server.serve_forever()


def _serve(opened: socket.socket, https_port: int, certificate: Path) -> None:
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    asyncio.run(Redirect(certificate, https_port).serve(opened))


@contextmanager
def redirecting(
    opened: socket.socket | None, https_port: int, certificate: Path | None
) -> Iterator[None]:
    """Redirect from the bound socket `opened`, in a process of its own, to the names that stand in
    `certificate` whenever somebody asks; None redirects nothing."""
    if opened is None or certificate is None:
        yield
        return
    arguments = (opened, https_port, certificate)
    process = multiprocessing.Process(target=_serve, args=arguments, daemon=True)
    process.start()
    opened.close()
    try:
        yield
    finally:
        process.terminate()
        process.join()
