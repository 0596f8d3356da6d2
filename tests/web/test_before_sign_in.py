"""Who is not signed in sends names, passwords and codes: nothing larger is read from them."""

from io import BytesIO

import pytest
from flask import Flask

from tests import factories, pages
from tests.databases import sqlite_only
from wesentra.web import sizes

pytestmark = sqlite_only
FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data; boundary=xyz"
MEGABYTES = 20


class Counted(BytesIO):
    """A body that knows how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        got = super().read(size)
        self.taken += len(got)
        return got

    def readinto(self, into: bytearray) -> int:  # type: ignore[override]
        got = super().readinto(into)
        self.taken += got
        return got


def body(kind: str) -> Counted:
    head = b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    filled = b"a" * (MEGABYTES * 1024 * 1024)
    return Counted(head + filled + b"\r\n--xyz--\r\n" if kind == FILES else b"username=" + filled)


@pytest.mark.parametrize("kind", [FORM, FILES])
@pytest.mark.parametrize("said", ["its length", "no length"])
@pytest.mark.parametrize("address", ["/login", "/login/passkey/check", "/imports/", "/nowhere"])
def test_a_large_body_of_a_stranger_is_not_taken_in(
    app: Flask, address: str, kind: str, said: str
) -> None:
    client = factories.browser(app)
    sent = body(kind)
    length = {"content_length": len(sent.getbuffer())} if said == "its length" else {}
    environ = {"wsgi.input_terminated": True}
    answer = client.post(
        address, input_stream=sent, content_type=kind, environ_overrides=environ, **length
    )
    most = sizes.STRANGER_BYTES if said == "its length" else sizes.FORM_BYTES
    assert sent.taken <= most + 64 * 1024
    assert answer.status_code in (303, 413)
    if said == "its length":  # whose session has ended with a file in hand is led to the sign-in
        assert (answer.status_code == 303) == (address == "/imports/")


def test_the_same_of_somebody_who_works_here_is(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, "/imports/").form("/imports/")
    row = "a" * 1000 + "\n"
    file = BytesIO(("name\n" + row * 400).encode())
    answer = client.post("/imports/", data={**form.fields, "file": (file, "list.csv")})
    assert answer.status_code != 413
