"""What is sent is small, but for a file of who may bring one: a stranger fills no disk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories, pages
from tests.databases import sqlite_only
from wesentra.web.sizes import FILE_BYTES, FORM_BYTES

ROW = b"Etunimi;Sukunimi;Yritys\nAino;Virtanen;Auto Oy\n"
KIND = "multipart/form-data; boundary=wes"
PART = b'--wes\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'


def send(client: FlaskClient, address: str, size: int, page: str = "/") -> TestResponse:
    """Send a table of so many bytes, most of them blank lines, with the token of a page."""
    token = pages.visit(client, page).form(field="csrf_token").fields["csrf_token"].encode()
    table = ROW + b"\n" * (size - len(ROW))
    name = b'; filename="asiakkaat.csv"'
    body = PART % (b"csrf_token", b"", token) + PART % (b"file", name, table) + b"--wes--\r\n"
    with client.post(address, data=body, content_type=KIND) as answer:
        return answer


@sqlite_only
def test_a_form_is_small_and_only_a_file_may_be_large(app: Flask) -> None:
    staff = factories.signed_in(app, "staff")
    assert send(staff, "/contacts/new", 3 * FORM_BYTES).status_code == 413
    taken = send(staff, "/imports/", 3 * FORM_BYTES)
    assert taken.status_code == 303
    assert taken.location.startswith("/imports/")
    assert send(staff, "/imports/", FILE_BYTES).status_code == 413


@sqlite_only
@pytest.mark.parametrize(
    "address", ["/login", "/login/code", "/login/passkey/check", "/password/nonsense"]
)
def test_a_stranger_s_file_is_not_even_taken_in(app: Flask, address: str) -> None:
    answer = send(factories.browser(app), address, 3 * FORM_BYTES, "/login")
    assert answer.status_code == 413


@sqlite_only
def test_who_may_bring_nothing_brings_nothing_large(app: Flask) -> None:
    admin = factories.signed_in(app, "admin")
    assert send(admin, "/imports/", 3 * FORM_BYTES).status_code == 413


@sqlite_only
def test_who_brings_a_file_after_the_session_has_ended_is_led_to_the_sign_in(app: Flask) -> None:
    answer = send(factories.browser(app), "/imports/", 3 * FORM_BYTES, "/login")
    assert (answer.status_code, answer.location) == (303, "/login?next=%2Fimports%2F")
