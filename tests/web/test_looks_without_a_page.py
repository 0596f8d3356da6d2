"""Whatever an answer tells of people is logged, also when it shows no page: only a length, only
where it leads to, or a page that nobody waited for."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.databases import sqlite_only

NUMBER = "+358401234567"


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """Somebody of the staff, signed in, and one person, number 1."""
    factories.person(app, "Aino", "Virtanen", phone=NUMBER, email="aino@auto.example.fi")
    return factories.signed_in(app, "staff", "privacy")


def told(app: Flask, answer: object) -> list[tuple[object, ...]]:
    """What the log says of one answer, by operation, subjects and fields."""
    found = factories.entries_of(app, answer)
    return [(e.operation, e.subject_type, e.ids, e.fields) for e in found]


PEOPLE = ("/contacts/1", "/contacts/", "/search/?q=Virtanen", "/search/?q=aino%40", "/")
OTHERS = ("/search/?q=Nobody", "/contacts/2", "/log/people/1", "/log/export", "/requests/", "/call")


@pytest.mark.parametrize("address", [*PEOPLE, *OTHERS, "/call?number=040%201234567"])
def test_a_head_is_a_look_like_any_other(app: Flask, staff: FlaskClient, address: str) -> None:
    whole, head = staff.get(address), staff.head(address)
    assert head.status_code == whole.status_code
    assert head.data == b""
    assert told(app, head) == told(app, whole)
    if address in PEOPLE[:4]:
        assert factories.subjects(factories.entries_of(app, head)) == {1}


def test_whose_a_number_is_told_by_where_the_call_leads(app: Flask, staff: FlaskClient) -> None:
    for headers, status in (({}, 303), ({"HX-Request": "true"}, 204)):
        answer = staff.get("/call?number=040%201234567", headers=headers)
        assert answer.status_code == status
        assert told(app, answer) == [("search", "contact", (1,), ("phone",))]


@sqlite_only
def test_asking_what_can_be_asked_shows_nobody(app: Flask, staff: FlaskClient) -> None:
    there, nowhere = (staff.options(f"/contacts/{number}") for number in (1, 2))
    assert (there.status_code, there.data) == (nowhere.status_code, nowhere.data)
    assert there.headers["Allow"] == nowhere.headers["Allow"]
    assert there.data == b""


UNLESS_NEW = {
    "If-None-Match": "*",
    "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT",
    "Range": "bytes=0-0",
}


@sqlite_only
@pytest.mark.parametrize(
    "address", ["/contacts/1", "/search/?q=Virtanen", "/log/export?format=csv"]
)
def test_no_page_says_that_it_has_not_changed(app: Flask, staff: FlaskClient, address: str) -> None:
    whole = staff.get(address)
    assert not {"ETag", "Last-Modified"} & set(whole.headers.keys())
    for name, value in UNLESS_NEW.items():
        answer = staff.get(address, headers={name: value})
        assert answer.status_code == 200, name
        assert told(app, answer) == told(app, whole), name


@sqlite_only
def test_the_look_is_logged_although_nobody_reads_the_answer(
    app: Flask, staff: FlaskClient
) -> None:
    """The client has gone before the first byte leaves: what was to be shown is in the log."""
    cookie = staff.get("/contacts/").request.headers["Cookie"]
    environ = {
        **factories.HOST,
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/contacts/1",
        "HTTP_COOKIE": cookie,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443",
        "wsgi.input": BytesIO(),
    }
    headers: dict[str, str] = {}
    body = app.wsgi_app(environ, lambda _status, given, *_: headers.update(given))
    body.close()  # type: ignore[attr-defined]
    found = factories.entries(app, headers["X-Request-ID"])
    assert factories.subjects(found, "contact", "view") == {1}


@sqlite_only
def test_a_page_that_only_refuses_shows_and_logs_nobody(app: Flask, staff: FlaskClient) -> None:
    answer = staff.get("/contacts/1/edit/nonsense")
    assert answer.status_code == 404
    assert "Virtanen" not in answer.text
    assert factories.subjects(factories.entries_of(app, answer)) == set()
