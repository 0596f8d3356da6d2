"""What proxies say of whom they speak for: believed of those that are named, of nobody else.

The address that asks stands in the log and slows down whoever guesses passwords. So a header that
anybody can write must not change it.
"""

import re
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from wesentra.reach import Network, Reach, networks
from wesentra.web import security_headers

Address = IPv4Address | IPv6Address
FORWARDED = ("FOR", "PROTO", "HOST", "PORT", "PREFIX", "SERVER")
BRACKETS = re.compile(r"\[([^\]]*)\](?::\d+)?")
HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
ONLY_TLS = b"Wesentra is used over HTTPS only, and asked by a trusted proxy only.\n"


class Proxies:
    """Puts the client's address, scheme and host where the application looks for them.

    Behind a proxy the server speaks plain HTTP: whoever asks it without being a trusted proxy,
    and whoever reached the proxy without TLS, is refused before anything is looked at.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], reach: Reach) -> None:
        self.app = app
        self.trusted = networks(reach.trusted_proxies)
        self.behind_proxy = reach.behind_proxy

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request, told truly who asks."""
        said = {name: environ.pop(f"HTTP_X_FORWARDED_{name}", "") for name in FORWARDED}
        peer = _address(environ.get("REMOTE_ADDR", ""))
        trusted = peer is not None and _is_in(peer, self.trusted)
        clear = trusted and _last(said["PROTO"]).lower() not in ("", "https")
        if clear or (self.behind_proxy and not trusted):
            start_response("403 Forbidden", security_headers.PLAIN)
            return [ONLY_TLS]
        if trusted and peer is not None:
            environ["REMOTE_ADDR"] = str(client_of(said["FOR"], peer, self.trusted))
            environ["wsgi.url_scheme"] = "https"
            environ["HTTP_HOST"] = _host(_last(said["HOST"])) or environ.get("HTTP_HOST", "")
        return self.app(environ, start_response)


def client_of(said: str, peer: Address, trusted: tuple[Network, ...]) -> Address:
    """Whom `peer` speaks for: the last address in X-Forwarded-For that is no trusted proxy.

    Each proxy appends who asked it, so that what stands further left is the client's own word.
    Where the chain ends, or stops being addresses, it is whoever was found last.
    """
    found = peer
    for one in reversed(said.split(",") if said else []):
        address = _address(one.strip())
        if address is None:
            break
        found = address
        if not _is_in(address, trusted):
            break
    return found


def _is_in(address: Address, trusted: tuple[Network, ...]) -> bool:
    return any(address in network for network in trusted)


def _address(text: str) -> Address | None:
    """The address in `text`, with or without a port; IPv4 stays IPv4 on a socket for both."""
    found = BRACKETS.fullmatch(text)
    bare = found[1] if found else text.partition(":")[0] if text.count(":") == 1 else text
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _last(said: str) -> str:
    return said.rpartition(",")[2].strip()


def _host(said: str) -> str:
    """A host with an optional port; nothing for what is none."""
    return said if HOST.fullmatch(said) else ""
