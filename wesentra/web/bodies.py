"""What a request brings is taken in before anybody works on it: slow senders hold up nobody.

Without this eight connections that send a byte now and then would occupy every thread of a worker.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from ipaddress import IPv6Address, ip_address
from typing import Any

from wesentra.web import security_headers
from wesentra.web.sizes import FORM_BYTES
from wesentra.web.unit_of_work import SAFE

AT_ONCE = 8
"""Requests that are worked on at the same time in one process; others wait for their turn."""
FROM_ONE, FROM_ALL = 16, 48
"""Requests of one address, and of all, that are taken in at the same time; a form comes in
milliseconds. Fewer than the server has threads, so that pages are answered in any case."""
MANY = "503 Service Unavailable"
LARGE = "413 Content Too Large"


class Bodies:
    """Takes in the body of a form, whole, and only then lets the application work.

    What says that it is larger than a form goes on as it is: the application refuses it unread, or
    takes a file from who may bring one.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self.turns = threading.BoundedSemaphore(AT_ONCE)
        self.lock = threading.Lock()
        self.open: Counter[str] = Counter()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request; 503 who sends too many at once."""
        if environ.get("REQUEST_METHOD", "GET") in SAFE:
            environ |= {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}  # a look brings nothing
        else:
            said = environ.get("CONTENT_LENGTH") or ""
            length = int(said) if said.isascii() and said.isdecimal() else None
            if length is None or 0 < length <= FORM_BYTES:
                refused = self._take_in(environ, length)
                if refused is not None:
                    start_response(refused, security_headers.PLAIN)
                    return [refused.encode()]
        with self.turns:
            return self.app(environ, start_response)

    def _take_in(self, environ: dict[str, Any], length: int | None) -> str | None:
        """Put the whole body into the place of the stream; else the status that refuses it."""
        with self._place(_network(environ.get("REMOTE_ADDR", ""))) as free:
            if not free:
                return MANY
            body = _received(environ["wsgi.input"], FORM_BYTES + 1 if length is None else length)
        if len(body) > FORM_BYTES:
            return LARGE
        environ["wsgi.input"] = BytesIO(body)
        if length is None:
            environ["CONTENT_LENGTH"] = str(len(body))
        return None

    @contextmanager
    def _place(self, address: str) -> Iterator[bool]:
        """Whether this address sends few enough at the moment; it counts until the end."""
        with self.lock:
            free = self.open[address] < FROM_ONE and self.open.total() < FROM_ALL
            self.open[address] += free
        try:
            yield free
        finally:
            with self.lock:
                self.open[address] -= free
                self.open += Counter()  # forgets who sends nothing


def _received(stream: Any, most: int) -> bytes:
    """Up to `most` bytes of a body. It takes as long as the sender does: nothing breaks off a read,
    and an answer before its end would stop the server."""
    pieces: list[bytes] = []
    left = most
    with suppress(Exception):  # whoever went away in the middle: the form is not whole
        while left and (piece := stream.read(left)):
            pieces.append(piece)
            left -= len(piece)
    return b"".join(pieces)


def _network(said: str) -> str:
    """The address itself, of IPv6 the network: one machine has as many of those as it likes."""
    with suppress(ValueError):
        address = ip_address(said)
        if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
            return str(IPv6Address(int(address) >> 64 << 64))
    return said
