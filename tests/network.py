"""No test talks to anybody but this machine."""

import socket
from ipaddress import ip_address
from typing import Any

Address = Any
"""What `connect` takes: a pair for the internet, a path for a local socket."""


class NetworkForbidden(RuntimeError):
    """A test tried to reach another machine."""


def _check(opened: socket.socket, address: Address) -> None:
    if opened.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = address[0]
    if host == "localhost":
        return
    try:
        here = ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        opened.close()
        raise NetworkForbidden(f"tests reach this machine only, not {host}")


def close() -> None:
    """From now on sockets of this process connect to loopback addresses only."""
    plain_connect, plain_connect_ex = socket.socket.connect, socket.socket.connect_ex

    def connect(self: socket.socket, address: Address) -> None:
        _check(self, address)
        plain_connect(self, address)

    def connect_ex(self: socket.socket, address: Address) -> int:
        _check(self, address)
        return plain_connect_ex(self, address)

    socket.socket.connect = connect  # type: ignore[assignment,method-assign]
    socket.socket.connect_ex = connect_ex  # type: ignore[assignment,method-assign]
