"""Who is sent copies of the log's checkpoints: what the settings say of them, read and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from wesentra.refusal import Refused
from wesentra.texts import mark

SYSLOG_PORTS = {"udp": 514, "tcp": 514, "tls": 6514}
"""By the way it goes there (RFC 5426, 6587, 5425)."""
ADDRESS = re.compile(r"[^@\s,<>]+@[^@\s,<>]+")


@dataclass(frozen=True, kw_only=True)
class Receivers:
    """Who gets the log's checkpoints besides a folder, and the mail server."""

    log_mail_to: tuple[str, ...] = ()
    """Mail addresses that get the checkpoints once a day."""
    log_syslog: str | None = None
    """Where syslog gets them: `tls://host:6514`, `udp://host:514`, `tcp://host:port`, or the path
    of a socket."""
    log_stdout: bool = False
    """Whether the server's standard output gets them."""
    mail_from: str | None = None
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SyslogAddress:
    """Where a syslog server listens; a socket on this machine has a path instead of host, port."""

    kind: Literal["udp", "tcp", "tls", "socket"]
    host: str = ""
    port: int = 0
    path: str = ""

    def __str__(self) -> str:
        return self.path or f"{self.kind}://{self.host}:{self.port}"


def syslog_address(text: str) -> SyslogAddress:
    """The address in `tls://host:6514`, `udp://host:514`, `tcp://host:port` or `/dev/log`; raises
    ValueError."""
    if text.startswith("/"):
        return SyslogAddress("socket", path=text)
    parts = urlsplit(text)
    extra = parts.path or parts.query or parts.fragment or parts.username
    if parts.scheme not in SYSLOG_PORTS or not parts.hostname or extra or " " in text:
        raise ValueError(text)
    kind = cast(Literal["udp", "tcp", "tls"], parts.scheme)
    return SyslogAddress(kind, parts.hostname, parts.port or SYSLOG_PORTS[kind])


def check_receivers(values: Mapping[str, Any]) -> None:
    """Raises Refused for settings of mail and syslog that nothing can be sent by."""
    if "log_syslog" in values:
        try:
            syslog_address(values["log_syslog"])
        except ValueError as error:
            raise _cannot_be("log_syslog", values) from error
    for key in ("log_mail_to", "mail_from"):
        given = values.get(key, ())
        for one in (given,) if isinstance(given, str) else given:
            if not ADDRESS.fullmatch(one):
                raise _cannot_be(key, values)
    _check_mail(values)


def _check_mail(values: Mapping[str, Any]) -> None:
    needed = {"log_mail_to": ("smtp_host", "mail_from"), "smtp_user": ("smtp_password",)}
    for key, others in {**needed, "smtp_password": ("smtp_user",)}.items():
        for other in others:
            if key in values and other not in values:
                raise Refused(
                    mark("The setting %(key)s needs the setting %(other)s."), key=key, other=other
                )
    in_the_clear = values.get("smtp_security") == "none"
    if in_the_clear and "smtp_host" in values and not is_here(values["smtp_host"]):
        raise Refused(
            mark(
                "Mail to %(host)s would leave this machine unencrypted: smtp_security has to be "
                "starttls or tls."
            ),
            host=values["smtp_host"],
        )


def is_here(host: str) -> bool:
    """Whether a host is this machine and no other (loopback)."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _cannot_be(key: str, values: Mapping[str, Any]) -> Refused:
    return Refused(
        mark("The setting %(key)s cannot be %(value)s."), key=key, value=repr(values[key])
    )
