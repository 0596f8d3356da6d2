"""The listener for plain HTTP: the way to HTTPS and nothing else, for whoever asks, however."""

import http.client
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from tests.databases import sqlite_only
from tests.operations.pairs import Bringer
from tests.servers import LiveServer
from wesentra.operations import tls
from wesentra.operations.redirect import answer, names_in
from wesentra.operations.sockets import free_port

Start = Callable[..., LiveServer]
NAMES = tls.wanted_names(["crm.example", "192.0.2.3"])


def location(head: str, port: int = 8443) -> str:
    """Where a request is led; empty when it is refused."""
    said = answer(head.encode(), NAMES, port).decode().split("\r\n")
    assert said[0] in ("HTTP/1.1 308 Permanent Redirect", "HTTP/1.1 400 Bad Request")
    led = [line.removeprefix("Location: ") for line in said if line.startswith("Location: ")]
    assert bool(led) == (" 308 " in said[0])
    fixed = ["Cache-Control: no-store", "Content-Length: 0", "Connection: close"]
    assert said[-5:] == [*fixed, "", ""]
    return led[0] if led else ""


@pytest.mark.parametrize(
    ("host", "led"),
    [
        ("crm.example", "https://crm.example:8443/tasks/"),
        ("CRM.example:8080", "https://crm.example:8443/tasks/"),
        ("192.0.2.3", "https://192.0.2.3:8443/tasks/"),
        ("[::1]:80", "https://[::1]:8443/tasks/"),
    ],
)
def test_a_name_of_the_certificate_is_led_to(host: str, led: str) -> None:
    assert location(f"GET /tasks/ HTTP/1.1\r\nHost: {host}") == led


def test_the_usual_port_is_not_said() -> None:
    assert location("GET / HTTP/1.0\r\nhost:localhost", port=443) == "https://localhost/"


def test_the_query_stays_behind() -> None:
    led = location("GET /call?number=%2B358401234567 HTTP/1.1\r\nHost: localhost")
    assert led == "https://localhost:8443/call"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "crm.example.evil.example",
        "evil.example#crm.example",
        "crm.example@evil.example",
        "sub.crm.example",
        "192.0.2.4",
        "[::1",
        "",
        "a b",
        "crm.example\r\nHost: crm.example",
        "crm.example\r\nHost: evil.example",
        "crm.example:x@evil.example",
        "xn--crm-.example",
    ],
)
def test_another_host_is_led_nowhere(host: str) -> None:
    assert location(f"GET / HTTP/1.1\r\nHost: {host}") == ""


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("//evil.example/x", "/x"),
        ("http://evil.example/x", "/x"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("///evil.example", "/evil.example"),
        ("/a%0d%0aSet-Cookie:x", "/a%0d%0aSet-Cookie:x"),
        ("*", "/*"),
    ],
)
def test_no_path_leads_elsewhere(target: str, path: str) -> None:
    head = f"GET {target} HTTP/1.1\r\nHost: localhost"
    assert location(head) == f"https://localhost:8443{path}"


@pytest.mark.parametrize(
    "head", ["", "GET /", "GET / HTTP/2", "GET  / HTTP/1.1\r\nHost: localhost"]
)
def test_what_is_no_request_is_led_nowhere(head: str) -> None:
    assert location(head) == ""


@given(st.binary(max_size=300), st.binary(max_size=60))
def test_whatever_comes_it_is_led_to_this_server_or_nowhere(target: bytes, host: bytes) -> None:
    head = b"GET /" + target + b" HTTP/1.1\r\nHost: " + host + b"\r\nHost-: localhost"
    said = answer(head, NAMES, 8443)
    assert said.startswith(b"HTTP/1.1 400 ") or b"\r\nLocation: https://" in said
    lines = said.split(b"\r\n")
    assert len(lines) == (6 if lines[0].endswith(b"Request") else 7)
    for line in lines:
        if line.startswith(b"Location: "):
            known = (b"localhost", b"127.0.0.1", b"[::1]", b"crm.example", b"192.0.2.3")
            assert line.removeprefix(b"Location: https://").startswith(known)


def test_a_star_in_the_certificate_holds_one_label(tmp_path: Path) -> None:
    names = [x509.DNSName("*.corp.example")]
    for host, led in (
        ("a.corp.example", True),
        ("corp.example", False),
        ("a.b.corp.example", False),
    ):
        said = answer(f"GET / HTTP/1.1\r\nHost: {host}".encode(), names, 443)
        assert (b"Location" in said) == led
    bringer = Bringer(tmp_path, ["Crm.Example"])
    bringer.lay()
    assert x509.DNSName("crm.example") in names_in(bringer.certificate)
    assert names_in(tmp_path / "none") == []


@pytest.fixture
def plain(serve_live: Start) -> int:
    """The port of a listener for plain HTTP."""
    port = free_port("127.0.0.1", 0)
    serve_live("--http-port", str(port))
    return port


@sqlite_only
def test_plain_http_is_shown_the_way_and_no_more(serve_live: Start) -> None:
    port = free_port("127.0.0.1", 0)
    server = serve_live("--http-port", str(port))
    for host, status in (("127.0.0.1", 308), ("evil.example", 400)):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        client.request("GET", "/call?number=%2B358401234567", body="x", headers={"Host": host})
        told = client.getresponse()
        headers = dict(told.getheaders())
        client.close()
        assert told.status == status
        assert headers.pop("Location", "") == (f"{server.url}/call" if status == 308 else "")
        fixed = {"Cache-Control": "no-store", "Content-Length": "0", "Connection": "close"}
        assert headers == fixed
    server.process.terminate()
    output, errors = server.process.communicate(timeout=20)
    assert "358401234567" not in output + errors
    assert "/call" not in output + errors


@sqlite_only
def test_whoever_is_slow_is_closed_and_keeps_nobody_out(plain: int) -> None:
    """Slowloris: more connections than one address may have, each sending a byte now and then."""
    slow = [socket.create_connection(("127.0.0.1", plain), timeout=10) for _ in range(40)]
    try:
        begun = time.monotonic()
        open_ones = set(slow)
        while open_ones and time.monotonic() < begun + 30:
            for one in tuple(open_ones):
                try:
                    one.settimeout(0.05)
                    one.sendall(b"X")
                    if one.recv(1) == b"":
                        open_ones.discard(one)
                except TimeoutError:
                    continue
                except OSError:
                    open_ones.discard(one)
        assert not open_ones, "a byte now and then keeps a connection for ever"
    finally:
        for one in slow:
            one.close()
    client = http.client.HTTPConnection("127.0.0.1", plain, timeout=10)
    client.request("GET", "/")
    assert client.getresponse().status == 308
    client.close()


@sqlite_only
def test_what_is_long_is_closed_without_an_answer(plain: int) -> None:
    with socket.create_connection(("127.0.0.1", plain), timeout=10) as client:
        try:
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000)
            assert client.recv(100) == b""
        except ConnectionError:
            pass


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"])
def test_a_form_in_the_clear_is_led_nowhere(method: str) -> None:
    """It has crossed the network already: led on, it would arrive and nobody would notice."""
    assert location(f"{method} /login HTTP/1.1\r\nHost: localhost") == ""


def test_whether_something_is_there_may_be_asked() -> None:
    led = location("HEAD /contacts/ HTTP/1.1\r\nHost: localhost")
    assert led == "https://localhost:8443/contacts/"
