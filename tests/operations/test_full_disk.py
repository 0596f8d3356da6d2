"""A disk that takes nothing more: nobody is shown, nothing stored, it is said, and it passes."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from ssl import create_default_context
from urllib.parse import urlencode

import pytest

from tests.databases import Database, sqlite_only
from tests.servers import LiveServer

pytestmark = pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="only Linux can limit another program's files"
)
PAGE = 4096


def family(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from family(int(child))


@contextmanager
def no_room(server: LiveServer) -> Iterator[None]:
    """No file of the server may grow beyond its first page (RLIMIT_FSIZE)."""
    everybody = list(family(server.process.pid))
    _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    for pid in everybody:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (PAGE, hard))
    try:
        yield
    finally:
        for pid in everybody:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


@sqlite_only
def test_a_full_disk_shows_nobody(
    database: Database, serve_live: Callable[..., LiveServer], session: dict[str, str]
) -> None:
    server = serve_live()

    def ask(path: str, **typed: str) -> tuple[int, str]:
        context = create_default_context(cafile=str(server.authority))
        connection = HTTPSConnection("127.0.0.1", server.port, context=context, timeout=20)
        headers = {"Cookie": session["cookie"], "Accept-Language": "en"}
        body = None
        if typed:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({"csrf_token": session["token"], **typed})
        connection.request("POST" if typed else "GET", path, body, headers)
        answer: HTTPResponse = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    assert ask("/contacts/")[0] == 200
    with no_room(server):
        for path in ("/contacts/", "/contacts/1", "/contacts/1/edit/title"):
            status, text = ask(path)
            assert status == 503, path
            assert "The access log could not be written" in text
            assert "Etu" not in text
        status, text = ask("/contacts/1/edit/title", value="Never stored")
        assert status == 503
        assert "nothing was saved" in text
    status, text = ask("/contacts/1")
    assert status == 200
    assert "Etu0" in text
    assert "Never stored" not in text
    assert ask("/contacts/1/edit/title", value="Stored")[0] == 303
