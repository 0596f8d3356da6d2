"""Who sends slowly, or not to the end, holds up nobody else."""

import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

from flask import Flask

from tests import factories, pages
from tests.databases import sqlite_only
from tests.operations.test_serve import ask
from tests.servers import LiveServer
from wesentra.operations import serve
from wesentra.web import bodies

HEAD = b"POST /login HTTP/1.1\r\nHost: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
BROKEN_OFF = (
    HEAD.replace(b"POST /login", b"GET /contacts/") + FORM + b"Content-Length: 9999\r\n\r\na=1",
    HEAD + FORM + b"Content-Length: 100000\r\n\r\na=1",
    HEAD + FORM + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n",
)


@contextmanager
def sending(server: LiveServer, count: int) -> Iterator[list[ssl.SSLSocket]]:
    """Connections on which a form has begun and does not end."""
    context = ssl.create_default_context(cafile=server.authority)
    with ExitStack() as stack:
        found = []
        for number in range(count):
            plain = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            one = context.wrap_socket(plain, server_hostname="localhost")
            stack.callback(one.close)
            one.sendall(BROKEN_OFF[number % len(BROKEN_OFF)])
            found.append(one)
        yield found


def status(one: ssl.SSLSocket) -> str:
    """What is answered at once; nothing to who is still waited for."""
    one.settimeout(1)
    with suppress(TimeoutError):
        return one.recv(100).split(b"\r\n")[0].decode().partition(" ")[2]
    return ""


@sqlite_only
def test_sixty_who_do_not_go_on_hold_up_nobody(live_server: LiveServer) -> None:
    with sending(live_server, 60) as waiting:
        looks, forms = waiting[::3], [*waiting[1::3], *waiting[2::3]]
        assert {status(one) for one in looks} == {"303 See Other"}
        assert [status(one) for one in forms].count(bodies.MANY) == len(forms) - bodies.FROM_ONE
        for _ in range(12):
            assert ask(live_server, "/healthz") == 200
            assert ask(live_server, "/login") == 200
    for _ in range(50):  # whoever has gone leaves the place to others
        with sending(live_server, 2) as (_look, form):
            form.sendall(b"b" * 100_000)
            form.settimeout(5)
            said = form.recv(100).split(b"\r\n")[0].decode().partition(" ")[2]
        if said != bodies.MANY:
            break
        time.sleep(0.1)
    assert said == "400 Bad Request"  # a form of nobody's page


class Stream:
    """A body that does not say its length."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def read(self, _size: int) -> bytes:
        piece, self.content = self.content, b""
        return piece


@sqlite_only
def test_what_does_not_say_its_length_is_a_form_as_well(app: Flask) -> None:
    client = factories.browser(app)
    token = pages.visit(client, "/login").form("/login").fields["csrf_token"]
    body = f"csrf_token={token}&username=nobody&password=x".encode()
    kind = "application/x-www-form-urlencoded"
    given = {"wsgi.input": Stream(body), "CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    answer = client.post("/login", content_type=kind, environ_overrides=given)
    assert answer.status_code == 422
    given["wsgi.input"] = Stream(body + b"&a=" + b"b" * 3_000_000)
    answer = client.post("/login", content_type=kind, environ_overrides=given)
    assert answer.status == bodies.LARGE


@sqlite_only
def test_forms_that_come_at_once_are_all_taken(app: Flask) -> None:
    """Many people of one office have one address: who is not slow is hardly ever counted."""
    clients = [factories.browser(app) for _ in range(2 * bodies.FROM_ONE)]
    forms = [pages.visit(client, "/login").form("/login") for client in clients]
    with ThreadPoolExecutor(len(forms)) as pool:
        sent = [pool.submit(form.send, username="", password="x") for form in forms]
        assert {one.result().status_code for one in sent} == {422}


def test_some_threads_are_left_for_pages() -> None:
    assert bodies.FROM_ALL + bodies.AT_ONCE < serve.CONNECTIONS
