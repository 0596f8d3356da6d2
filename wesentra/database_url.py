"""Which databases may be used, and that nothing personal crosses a network in the clear."""

import importlib.util
from collections.abc import Mapping
from ipaddress import ip_address

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from wesentra.refusal import Refused
from wesentra.texts import mark

POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")


def checked(key: str, raw: str, environ: Mapping[str, str]) -> str:
    """`raw` as SQLAlchemy takes it; raises Refused for a kind or a way of connecting not allowed.

    `key` is the setting that says it. It is named, its value not: that may hold a password.

    A register in memory would be empty for whoever comes after the schema was made.

    PostgreSQL beyond this machine is reached only where the server proves who it is
    (`sslmode=verify-full`).
    """
    try:
        url = make_url(raw)
    except ArgumentError as error:
        raise Refused(mark("The setting %(key)s is no address of a database."), key=key) from error
    if url.drivername == "sqlite":
        if url.database in (None, "", ":memory:") or "mode=memory" in raw:
            raise Refused(
                mark("The setting %(key)s cannot be %(value)s."),
                key=key,
                value=repr(raw),
            )
        return raw
    if not _is_here(key, url, environ):  # else Kerberos would come before TLS, if it can be had
        url = url.update_query_dict({"gssencmode": "disable"})
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _is_here(key: str, url: URL, environ: Mapping[str, str]) -> bool:
    """Whether the server is this machine; raises Refused where it neither is nor proves itself."""
    if url.drivername not in POSTGRESQL:
        raise Refused(
            mark("The setting %(key)s: Wesentra runs on SQLite or PostgreSQL, not on %(kind)s."),
            key=key,
            kind=url.drivername,
        )
    if importlib.util.find_spec("psycopg") is None:
        raise Refused(mark("PostgreSQL needs its driver: pip install 'wesentra[postgresql]'"))
    here = all(map(_here, _hosts(url, environ)))
    if not here and url.query.get("sslmode") != "verify-full":
        raise Refused(
            mark(
                "The setting %(key)s: PostgreSQL on another machine is used only with "
                "sslmode=verify-full."
            ),
            key=key,
        )
    return here


def _hosts(url: URL, environ: Mapping[str, str]) -> list[str]:
    """Every host that libpq could connect to; an unnamed one comes from its own environment.

    PGHOSTADDR, and a service that PGSERVICE names, may send even a named host elsewhere.
    """
    named = [url.host or ""]
    for key in ("host", "hostaddr", "service"):
        value = url.query.get(key, ())
        named += [value] if isinstance(value, str) else value
    hosts = [host for each in named for host in each.split(",") if host]
    always = [environ.get(key, "") for key in ("PGHOSTADDR", "PGSERVICE")]
    return [host for host in (*(hosts or [environ.get("PGHOST", "")]), *always) if host]


def _here(host: str) -> bool:
    """Whether `host` (with or without :port) is a socket or a loopback address of this machine."""
    name = host.rsplit(":", 1)[0] if host.count(":") == 1 else host
    if name.startswith(("/", "@")) or name == "localhost":
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
