"""The ports of the server: free or not, said before anything is started."""

import errno
import socket

from wesentra.refusal import Refused
from wesentra.texts import mark


def bound(host: str, port: int, option: str = "--port") -> socket.socket:
    """A listening-to-be socket on `host` and `port` (0: any free one).

    Raises Refused when another program has the port, when a low port needs more rights, and when
    the host is not one of this machine's. `option` is how the command line names the port.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
        # A port whose last connections still fade away is free; one that is listened to is not.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
    except OSError as error:
        raise _refusal(error, host, port, option) from error
    return opened


def free_port(host: str, port: int) -> int:
    """`port` when it is free on `host`, a free one for 0; raises Refused like `bound`.

    The server shares its port between workers, so that a second server would start on the same
    port without an error and take half of the first one's connections; hence this look before.
    """
    with bound(host, port) as probe:
        return int(probe.getsockname()[1])


def _refusal(error: OSError, host: str, port: int, option: str) -> Refused:
    if error.errno == errno.EADDRINUSE:
        return Refused(
            mark("Port %(port)s is in use by another program; %(option)s names another one."),
            port=port,
            option=option,
        )
    if error.errno == errno.EACCES:
        return Refused(mark("Port %(port)s may be opened by the administrator only."), port=port)
    return Refused(
        mark("Nothing can be served on %(host)s: %(reason)s."), host=host, reason=error.strerror
    )
