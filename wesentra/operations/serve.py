"""The server: HTTPS from the first start, and nothing in the clear."""

import gc
import socket
import ssl
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

from wesentra.app import create_app
from wesentra.operations import schema, tls
from wesentra.operations.beside import jobs_beside
from wesentra.operations.host_names import EVERYWHERE, in_address, is_loopback
from wesentra.operations.orphans import end_with_parent
from wesentra.operations.redirect import redirecting
from wesentra.operations.sockets import bound, free_port
from wesentra.refusal import Refused
from wesentra.sentences import say
from wesentra.settings import Settings
from wesentra.texts import mark

PORT = 8443
THREADS = 8
"""Requests that one worker handles at the same time."""
STOP_SECONDS = 10
"""What a request has to come to its end when the server stops."""
HEADER_BYTES = 64 * 1024

LOGGING = {
    "handlers": {
        "console": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr"},
        "access": {"class": "logging.NullHandler"},
    },
    "formatters": {},
}


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to serve: where, by how many processes, with whose certificate."""

    host: str = "0.0.0.0"  # noqa: S104 - the intranet is whom it serves
    port: int = PORT
    http_port: int | None = None
    """A port on which plain HTTP is answered with a redirect; None for none."""
    workers: int = 1
    certificate: Path | None = None
    key: Path | None = None


def serve(settings: Settings, options: Options, tell: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; `tell` gets each line that the administrator should read.

    Raises Refused for a port in use, a certificate that does not fit, plain HTTP that others
    could reach.
    """
    if settings.behind_proxy and not is_loopback(options.host):
        raise Refused(mark("Behind a proxy Wesentra listens on this machine only (127.0.0.1)."))
    options = replace(options, port=free_port(options.host, options.port))
    files = None if settings.behind_proxy else certificate(settings, options)
    http = (
        None if options.http_port is None else bound(options.host, options.http_port, "--http-port")
    )
    with closing(http) if http else nullcontext():
        schema.upgrade(settings)
        server = granian(options, files)
        server.on_startup(partial(_announce, settings, options, files, tell))
        with redirecting(http, options.port), jobs_beside(settings):
            server.serve(target_loader=partial(_application, settings), wrap_loader=False)


def certificate(settings: Settings, options: Options) -> tls.Files:
    """The administrator's own certificate when both files are named, else the installation's."""
    if not (options.certificate and options.key):
        named = () if options.host in EVERYWHERE else (options.host,)
        return tls.ensure(settings.instance, (*named, *settings.server_names))
    try:
        if b"-----BEGIN PRIVATE KEY-----" not in options.key.read_bytes():
            raise Refused(mark("The key %(file)s is not in PKCS #8 form."), file=options.key)
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            options.certificate, options.key
        )
    except OSError as error:
        raise Refused(
            mark("The certificate %(file)s cannot be used: %(reason)s."),
            file=options.certificate,
            reason=error.strerror or error,
        ) from error
    return tls.Files(options.certificate, options.key, options.certificate)


def granian(options: Options, files: tls.Files | None) -> Any:
    """The server with its settings; what it serves is said when it starts."""
    return Granian(
        "wesentra.app:create_app",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=THREADS,
        websockets=False,
        http2_settings=HTTP2Settings(max_headers_size=HEADER_BYTES),
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
        ssl_cert=files.certificate if files else None,
        ssl_key=files.key if files else None,
        ssl_protocol_min=SSLProtocols.tls12,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )


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
    if files and files.authority.name == tls.AUTHORITY:
        line = mark("Browsers trust this address when they know the authority in %(file)s")
        if files.other_authority:
            line = mark(
                "The authority had to be made anew, for other names or because the old one was "
                "damaged or near its end. Browsers warn until they know the new one in %(file)s"
            )
        tell(say(line, {"file": files.authority}, settings.language))
