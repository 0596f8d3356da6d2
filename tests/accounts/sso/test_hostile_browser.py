"""Whatever a browser brings back, or keeps in its cookies: no error, no markup, nobody comes in."""

import base64

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.accounts.sso.services import Service, begun, is_in
from tests.databases import sqlite_only
from tests.web.hostile import VALUES
from wesentra.accounts.sso import carried, flow

pytestmark = sqlite_only
COOKIES = (flow.COOKIE, carried.COOKIE)
KEPT = (
    *("", "x", "é", "....", "A" * 16, "A" * 17, "%00", '"', "a b;c", "null", "{}"),
    *(base64.b64encode(bytes(size)).decode() for size in (0, 5, 8, 12, 27, 28, 29, 3000)),
)


def test_what_a_browser_brings_back_is_only_text(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, "staff", name="aino")
    begun(client)
    names = ("code", "state", "iss", "error", "error_description", "next", "to", "typed")
    for value in VALUES:
        text = value.encode(errors="replace").decode()
        answer = client.get("/login/sso/back", query_string=dict.fromkeys(names, text))
        assert answer.status_code == 200, value
        assert "<wesx" not in answer.text, value
        form = pages.read(client, answer).form("/login/sso/back")
        assert form.fields.get("next", "/") == "/"
        assert "to" not in form.fields
        sent = {"csrf_token": form.fields["csrf_token"], **dict.fromkeys(names, text)}
        back = client.post("/login/sso/back", data=sent)
        assert back.status_code == 422, value
        assert "<wesx" not in back.text, value
        assert not is_in(client)


@pytest.mark.parametrize("name", COOKIES)
@pytest.mark.parametrize("kept", KEPT)
def test_a_cookie_of_one_s_own_making_is_none(
    client: FlaskClient, service: Service, name: str, kept: str
) -> None:
    state = begun(client).partition("state=")[2].partition("&")[0]
    client.set_cookie(name, kept, domain="localhost", secure=True)
    page = pages.visit(client, f"/login/sso/back?code=c&state={state}")
    answer = page.form("/login/sso/back").send()
    assert (answer.status_code, is_in(client)) == (422, False)


def test_a_sealed_form_opens_for_its_own_sign_on_only(
    client: FlaskClient, service: Service
) -> None:
    """Who can put cookies into a browser cannot put a form of another time there."""
    token = pages.visit(client, "/login").form("/login").fields["csrf_token"]
    data = {"csrf_token": token, "to": "/companies/new", "typed": "name=Typed"}
    assert client.post("/login/sso/", data=data).status_code == 200
    assert "Typed" in client.get("/login/sso/back").text
    begun(client)
    assert "Typed" not in client.get("/login/sso/back").text


def test_a_form_goes_to_an_address_of_ours_that_takes_forms(
    client: FlaskClient, service: Service
) -> None:
    token = pages.visit(client, "/login").form("/login").fields["csrf_token"]
    for to in ("https://evil.example/", "//evil.example/", "/login", "/account/password", "/x"):
        data = {"csrf_token": token, "to": to, "typed": "name=Typed"}
        assert client.post("/login/sso/", data=data).status_code == 200
        assert "Typed" not in client.get("/login/sso/back").text
