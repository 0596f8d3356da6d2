"""How the server is reached: by which names, with whose certificate, through which proxies."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from wesentra.refusal import Refused
from wesentra.texts import mark

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The settings of the server's place in the network."""

    server_names: tuple[str, ...] = ()
    """Names and addresses under which the intranet knows this server, for its own certificate."""
    tls_certificate: str | None = None
    """A certificate (PEM, with its chain) instead of the installation's own; the whole path."""
    tls_key: str | None = None
    """Its private key (PEM, PKCS #8); the whole path."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of proxies whose word about who asks is believed."""
    behind_proxy: bool = False
    """Serve plain HTTP on loopback, to a trusted proxy that terminates TLS."""

    @property
    def own_authority(self) -> bool:
        """Whether browsers are served a certificate of the installation's own authority."""
        return not self.behind_proxy and self.tls_certificate is None


def networks(trusted: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks in `trusted`; raises ValueError for what is none, and for the whole world."""
    found = tuple(ip_network(one) for one in trusted)
    if any(one.prefixlen == 0 for one in found):
        raise ValueError(trusted)
    return found


def check_reach(values: Mapping[str, Any]) -> None:
    """Raises Refused for proxies that are no addresses and for half a certificate."""
    try:
        networks(values.get("trusted_proxies", ()))
    except ValueError as error:
        raise _cannot_be("trusted_proxies", values) from error
    for key, other in (("tls_certificate", "tls_key"), ("tls_key", "tls_certificate")):
        if key in values and not Path(values[key]).is_absolute():
            raise _cannot_be(key, values)
        if key in values and other not in values:
            raise Refused(
                mark("The setting %(key)s needs the setting %(other)s."), key=key, other=other
            )


def _cannot_be(key: str, values: Mapping[str, Any]) -> Refused:
    return Refused(
        mark("The setting %(key)s cannot be %(value)s."), key=key, value=repr(values[key])
    )
