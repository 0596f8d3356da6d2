"""Names and addresses of hosts: which are loopback, which fit into a certificate."""

import re
from ipaddress import ip_address

from cryptography import x509

LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DNS_NAME = re.compile(rf"(?=.{{1,253}}$){LABEL}(\.{LABEL})*")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - named here to be told apart, not bound


def normal(host: str) -> x509.GeneralName | None:
    """`host` as certificates hold it; None for what is neither a DNS name nor an address."""
    try:
        return x509.IPAddress(ip_address(host.strip("[]")))
    except ValueError:
        name = host.lower().rstrip(".")
        return x509.DNSName(name) if DNS_NAME.fullmatch(name) else None


def is_loopback(host: str) -> bool:
    """Whether what listens on `host` can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def in_address(host: str) -> str:
    """`host` as it stands in a web address: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host
