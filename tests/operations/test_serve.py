"""`wesentra serve`, started and spoken to as from outside."""

import http.client
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.databases import sqlite_only
from tests.servers import LiveServer, clean_environ
from wesentra import clock
from wesentra.operations import serve
from wesentra.settings import Settings, load
from wesentra.web.security_headers import FOR_A_YEAR
from wesentra.web.trust import certificate_in, fingerprint

Start = Callable[..., LiveServer]


def ask(server: LiveServer, path: str, context: ssl.SSLContext | None = None) -> int:
    """The status of one request by a client that trusts the local authority."""
    context = context or ssl.create_default_context(cafile=server.authority)
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=5, context=context)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def ended(*arguments: str, instance: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """A start of `wesentra` that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "wesentra", "--instance", str(instance), *arguments],
        env=clean_environ() | {"WESENTRA_LANGUAGE": "en"} | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_serves_https_on_both_databases_and_stops_cleanly(live_server: LiveServer) -> None:
    assert live_server.url.startswith("https://127.0.0.1:")
    assert ask(live_server, "/healthz") == 200
    assert live_server.stop() == 0


@sqlite_only
def test_several_workers_serve_and_stop(serve_live: Start) -> None:
    server = serve_live("--workers", "2")
    assert {ask(server, "/healthz") for _ in range(8)} == {200}
    assert server.stop() == 0


@sqlite_only
def test_clients_below_tls_1_2_are_refused(live_server: LiveServer) -> None:
    accepted = ssl.create_default_context(cafile=live_server.authority)
    accepted.maximum_version = ssl.TLSVersion.TLSv1_2
    assert ask(live_server, "/healthz", accepted) == 200
    refused = ssl.create_default_context(cafile=live_server.authority)
    refused.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLS"):
        refused.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLS"):
        refused.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        ask(live_server, "/healthz", refused)


@sqlite_only
@pytest.mark.parametrize(
    "ciphers",
    [
        "AES128-GCM-SHA256",  # no forward secrecy
        "ECDHE-ECDSA-AES128-SHA256",  # CBC
        "ECDHE-ECDSA-AES256-SHA",
        "ECDHE-ECDSA-AES128-CCM8",
        "eNULL:aNULL@SECLEVEL=0",
    ],
)
def test_old_suites_are_refused(live_server: LiveServer, ciphers: str) -> None:
    context = ssl.create_default_context(cafile=live_server.authority)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(ciphers)
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        ask(live_server, "/healthz", context)


@sqlite_only
def test_a_browser_that_came_once_comes_over_https_only(live_server: LiveServer) -> None:
    context = ssl.create_default_context(cafile=live_server.authority)
    for path in ("/healthz", "/login", "/", "/nothing", "/static/css/tokens.css"):
        connection = http.client.HTTPSConnection(
            "127.0.0.1", live_server.port, timeout=5, context=context
        )
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.headers["Strict-Transport-Security"] == FOR_A_YEAR, path
        connection.close()


@sqlite_only
def test_plain_http_gets_no_answer_on_the_https_port(live_server: LiveServer) -> None:
    with socket.create_connection(("127.0.0.1", live_server.port), timeout=5) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"HTTP" not in plain.recv(1000)


@sqlite_only
def test_a_port_in_use_is_one_line(live_server: LiveServer, tmp_path: Path) -> None:
    second = ended(
        "serve", "--host", "127.0.0.1", "--port", str(live_server.port), instance=tmp_path / "2"
    )
    assert second.returncode == 1
    assert second.stderr == (
        f"wesentra: Port {live_server.port} is in use by another program; "
        "--port names another one.\n"
    )


def test_behind_a_proxy_others_cannot_reach_it(tmp_path: Path) -> None:
    result = ended("serve", "--behind-proxy", "--host", "192.0.2.1", instance=tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("wesentra: Behind a proxy")


@sqlite_only
def test_behind_a_proxy_it_speaks_plain_http_here(serve_live: Start, settings: Settings) -> None:
    named = settings.instance / "settings.toml"
    named.write_text('trusted_proxies = ["127.0.0.1"]\n')
    server = serve_live("--behind-proxy")
    assert server.url.startswith("http://127.0.0.1:")
    assert plainly(server) == 200
    assert plainly(server, **{"X-Forwarded-Proto": "http"}) == 403


@sqlite_only
def test_behind_a_proxy_nobody_else_is_answered(serve_live: Start, settings: Settings) -> None:
    named = settings.instance / "settings.toml"
    named.write_text('trusted_proxies = ["192.0.2.7"]\n')
    server = serve_live("--behind-proxy")
    assert plainly(server) == 403
    assert plainly(server, **{"X-Forwarded-For": "192.0.2.7"}) == 403


def plainly(server: LiveServer, **headers: str) -> int:
    """The status of a request over plain HTTP."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", "/healthz", headers=headers)
    try:
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [((), "trusted_proxies"), (("--http-port", "0"), "it is the proxy that redirects")],
)
def test_a_proxy_is_named_and_redirects_by_itself(
    tmp_path: Path, more: tuple[str, ...], sentence: str
) -> None:
    named = {"WESENTRA_TRUSTED_PROXIES": "127.0.0.1"} if more else {}
    result = ended("serve", "--behind-proxy", *more, instance=tmp_path, **named)
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert sentence in result.stderr


def test_that_browsers_need_another_authority_is_said(tmp_path: Path) -> None:
    settings, said = load(tmp_path, {"WESENTRA_LANGUAGE": "en"}), list[str]()
    options = serve.Options(host="127.0.0.1")
    for names, anew in (((), False), (("crm.example",), True), (("crm.example",), False)):
        own = replace(settings, server_names=names)
        files = serve.certificate(own, options)
        serve._announce(own, options, files, said.append)
        assert ("The authority had to be made anew" in said[-2]) == anew
        assert fingerprint(certificate_in(files.authority)) in said[-1]


def test_a_certificate_without_its_key_is_wrong_usage(tmp_path: Path) -> None:
    certificate = tmp_path / "own.pem"
    certificate.touch()
    assert ended("serve", "--cert", str(certificate), instance=tmp_path).returncode == 2


def test_a_certificate_that_is_none_is_one_line(tmp_path: Path) -> None:
    files = tmp_path / "own.pem", tmp_path / "own.key"
    for file in files:
        file.write_text("-----BEGIN PRIVATE KEY-----\n")
    result = ended("serve", "--cert", str(files[0]), "--key", str(files[1]), instance=tmp_path)
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)


@sqlite_only
def test_no_worker_outlives_a_killed_server(live_server: LiveServer) -> None:
    live_server.process.kill()
    live_server.process.communicate()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", live_server.port), timeout=1).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.05)
    pytest.fail("a worker still listens")


@sqlite_only
def test_the_light_server_speaks_https_too(app: Flask, light_server: str) -> None:
    port = int(light_server.rsplit(":", 1)[1])
    context = ssl._create_unverified_context()  # noqa: S323 - its authority is another test's
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()


SMUGGLED = b"GET /trust/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
TWO_LENGTHS = (
    b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n",
    b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n",
    b"Content-Length: %d\r\nContent-Length: 0\r\n\r\n",
    b"Content-Length: +%d\r\n\r\n",
    b"Content-Length : %d\r\n\r\n",
    b"Transfer-Encoding: xchunked\r\nContent-Length: %d\r\n\r\n",
    b"Transfer-Encoding : chunked\r\nContent-Length: %d\r\n\r\n",
    b"Transfer-Encoding: chunked, identity\r\nContent-Length: %d\r\n\r\n",
    b"X: a\nContent-Length: 0\r\nContent-Length: %d\r\n\r\n",
)


@sqlite_only
def test_where_a_request_ends_is_no_matter_of_opinion(live_server: LiveServer) -> None:
    """Two servers that disagree on it would let one request hide in another. What says two lengths
    is refused, or has the one of RFC 9112 (6.3); the connection ends with it in either case."""
    context = ssl.create_default_context(cafile=live_server.authority)
    for said in TWO_LENGTHS:
        lines = said.replace(b"%d", str(len(SMUGGLED)).encode())
        with (
            socket.create_connection(("127.0.0.1", live_server.port), timeout=20) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as client,
        ):
            client.sendall(b"POST /login HTTP/1.1\r\nHost: localhost\r\n" + lines + SMUGGLED)
            answer = b"".join(iter(lambda: client.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 400 "), said
        assert answer.count(b"HTTP/1.1 ") == 1, said


def test_its_own_log_says_when_in_utc() -> None:
    """As a worker begins to log; other machines' logs are compared with it."""
    ask = (
        "import logging; from granian.log import LogLevels, configure_logging;"
        "from wesentra.operations.server_log import LOGGING;"
        "configure_logging(LogLevels.error, LOGGING);"
        "logging.getLogger('wesentra.web').error('request broke'); "
        "logging.getLogger('sqlalchemy').info('select')"
    )
    environ = clean_environ() | {"TZ": "Pacific/Auckland"}
    said = subprocess.run(
        [sys.executable, "-c", ask], env=environ, capture_output=True, text=True, check=True
    )
    (line,) = said.stderr.splitlines()
    when, level, rest = line.split(" ", 2)
    assert (level, rest) == ("ERROR", "request broke")
    assert abs(datetime.fromisoformat(when) - clock.now()) < timedelta(minutes=1)
    assert when.endswith("Z")
