"""The server: HTTPS from the first start, and nothing in the clear."""

import gc
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces, SSLProtocols
from granian.http import HTTP2Settings
from granian.log import LogLevels

from wesentra.accounts.sso.setup import demand_extra
from wesentra.app import create_app
from wesentra.operations import certificates, erasing, pairs, schema, tls
from wesentra.operations.backups import leftovers
from wesentra.operations.beside import jobs_beside
from wesentra.operations.certificates import Served
from wesentra.operations.host_names import EVERYWHERE, in_address, is_loopback
from wesentra.operations.orphans import end_with_parent
from wesentra.operations.redirect import redirecting
from wesentra.operations.server_log import LOGGING
from wesentra.operations.sockets import bound, free_port
from wesentra.refusal import Refused
from wesentra.sentences import say
from wesentra.settings import Settings
from wesentra.texts import mark
from wesentra.web.bodies import AT_ONCE
from wesentra.web.trust import certificate_in, fingerprint

PORT = 8443
THREADS = AT_ONCE
"""Requests that one worker handles at the same time."""
CONNECTIONS = 64
"""Requests that it takes in at the same time: most of them have to wait for their senders."""
STOP_SECONDS = 10
"""What a request has to come to its end when the server stops."""
REPLACE_SECONDS = 120
"""The same when the workers are replaced for a new certificate."""
BEGIN_SECONDS = 10.0
"""What a new worker has until it listens, before the old one is told to end."""
HEADER_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to serve: where, by how many processes, with whose certificate."""

    host: str = "0.0.0.0"  # noqa: S104 - the intranet is whom it serves
    port: int = PORT
    http_port: int | None = None
    """A port on which plain HTTP is answered with a redirect; None for none."""
    workers: int = 1


def serve(settings: Settings, options: Options, tell: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; `tell` gets each line that the administrator should read.

    Raises Refused for a port in use, a certificate that does not fit, plain HTTP that others
    could reach, a proxy that nobody has named, a sign-in service without the extra for it.
    """
    demand_extra(settings)
    _check_proxy(settings, options)
    options = replace(options, port=free_port(options.host, options.port))
    files = None if settings.behind_proxy else certificate(settings, options)
    http = (
        None if options.http_port is None else bound(options.host, options.http_port, "--http-port")
    )
    with closing(http) if http else nullcontext():
        schema.upgrade(settings)
        leftovers.sweep(settings)
        erasing.at_start(settings)
        served = _served(settings, options, files, tell) if files else None
        server = granian(options, served)
        server.on_startup(partial(_announce, settings, options, files, tell))
        shown = served.certificate if served else None
        following = served.followed_by(server) if served else nullcontext()
        with redirecting(http, options.port, shown), jobs_beside(settings), following:
            server.serve(target_loader=partial(_application, settings), wrap_loader=False)


def _check_proxy(settings: Settings, options: Options) -> None:
    """Plain HTTP is for a proxy on this machine that is named, and for nobody else."""
    if not settings.behind_proxy:
        return
    if not is_loopback(options.host):
        raise Refused(mark("Behind a proxy Wesentra listens on this machine only (127.0.0.1)."))
    if not settings.trusted_proxies:
        raise Refused(
            mark("The setting %(key)s needs the setting %(other)s."),
            key="behind_proxy",
            other="trusted_proxies",
        )
    if options.http_port is not None:
        raise Refused(mark("Behind a proxy it is the proxy that redirects plain HTTP."))


def certificate(settings: Settings, options: Options) -> tls.Files:
    """The administrator's own certificate where one is named, else the installation's."""
    if settings.tls_certificate and settings.tls_key:
        named = Path(settings.tls_certificate)
        files = tls.Files(named, Path(settings.tls_key), named)
        pairs.read(files.certificate, files.key)
        return files
    return tls.ensure(settings.instance, _names(settings, options))


def _names(settings: Settings, options: Options) -> tuple[str, ...]:
    return (() if options.host in EVERYWHERE else (options.host,)) + settings.server_names


def _served(
    settings: Settings, options: Options, files: tls.Files, tell: Callable[[str], None]
) -> Served:
    """The certificate of this server; copies of several servers of one register lie apart."""

    def speak(sentence: str, values: dict[str, object]) -> None:
        tell(say(sentence, values, settings.language))

    def complain(no: Refused) -> None:
        reason = say(no.sentence, no.values, settings.language)
        told = say(certificates.REFUSED, {"reason": reason}, settings.language)
        sys.stderr.write(f"wesentra: {told}\n")
        sys.stderr.flush()

    wanted = tls.wanted_names(_names(settings, options))
    renew = partial(tls.kept, settings.instance, wanted) if settings.own_authority else None
    copies = f"served-{options.host.replace(':', '_')}-{options.port}"
    folder = settings.instance / "tls" / copies
    return Served(files, folder, renew, speak, complain)


def granian(options: Options, served: Served | None) -> Any:
    """The server with its settings; what it serves is said when it starts."""
    server = Granian(
        "wesentra.app:create_app",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=CONNECTIONS,
        websockets=False,
        http2_settings=HTTP2Settings(max_headers_size=HEADER_BYTES),
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
        ssl_cert=served.certificate if served else None,
        ssl_key=served.key if served else None,
        ssl_protocol_min=SSLProtocols.tls12,
        respawn_failed_workers=True,
        respawn_interval=BEGIN_SECONDS,
        workers_kill_timeout=REPLACE_SECONDS,
    )
    server.on_startup(partial(_stop_sooner, server))
    return server


def _stop_sooner(server: Any) -> None:
    """Who stops the server waits for less than who replaces its workers."""

    def stop(*_: object) -> None:
        server.workers_kill_timeout = STOP_SECONDS
        server.signal_handler_interrupt()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)


def _application(settings: Settings) -> Any:
    """The application of one worker process."""
    end_with_parent()
    app = create_app(settings)
    gc.collect()
    gc.freeze()  # what every request needs is not looked through again and again
    return app


def _announce(
    settings: Settings, options: Options, files: tls.Files | None, tell: Callable[[str], None]
) -> None:
    scheme = "https" if files else "http"
    everywhere = options.host in EVERYWHERE
    for host in ("localhost", socket.gethostname()) if everywhere else (options.host,):
        address = f"{scheme}://{in_address(host)}:{options.port}"
        line = mark("Wesentra is served at %(address)s")
        tell(say(line, {"address": address}, settings.language))
    if files and settings.own_authority:
        line = mark("Browsers trust this address when they know the authority in %(file)s")
        if files.other_authority:
            line = certificates.OTHER_AUTHORITY
        tell(say(line, {"file": files.authority}, settings.language))
        told = mark("Its fingerprint, to be compared with what a browser shows: %(fingerprint)s")
        spoken = fingerprint(certificate_in(files.authority))
        tell(say(told, {"fingerprint": spoken}, settings.language))
