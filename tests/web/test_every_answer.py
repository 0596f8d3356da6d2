"""Every answer, whoever asks for whatever: its headers and cookies, and no file but ours."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from tests import factories, pages
from tests.architecture.test_routes import ROLES, address_of
from tests.audit import marked
from tests.databases import Database, sqlite_only
from wesentra.app import create_app
from wesentra.models.base import db
from wesentra.settings import load
from wesentra.web.security_headers import HTMX_URL, policy

HTMX = {"HX-Request": "true"}
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # the picture that an authenticator app reads
    "connect-src": "'self'",
    "form-action": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
WITHOUT_CHARACTERS = ("application/zip", "application/x-x509-ca-cert", "application/x-ndjson")
STATIC = ("css/tokens.css", "js/page.js", "favicon.svg", "vendor/htmx.min.js")


class Told(NamedTuple):
    """One answer: what was asked, and what came."""

    name: str
    status: int
    headers: Headers
    data: bytes

    @property
    def is_page(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html") and (
            b"<html" in self.data
        )


@pytest.fixture(scope="module")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A register with people in it, and somebody who holds every role."""
    folder = tmp_path_factory.mktemp("asked")
    shutil.copy(sqlite_template, folder / "wesentra.db")
    url = f"sqlite:///{folder / 'wesentra.db'}"
    app = create_app(load(folder / "instance", Database("sqlite", url, url).environ()))
    factories.user(app, *filter(None, ROLES), name="everybody")
    marked.fill(app, factories.user_id(app, "everybody"))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def asked(house: Flask) -> list[Told]:
    """Every answer, to everybody and to nobody."""
    client = factories.browser(house)
    form = pages.visit(client, "/login").form("/login")
    come_in = form.send(username="everybody", password=factories.PASSWORD)
    purpose = pages.visit(client, "/").form("/account/purpose").send(purpose="marketing")
    found = [_told("signs in", come_in), _told("chooses a purpose", purpose)]
    found += _answers(house, client, "everybody")
    found += _answers(house, factories.browser(house), "nobody")
    out = pages.visit(client, "/").form("/logout").send()
    return [*found, _told("signs out", out)]


def _answers(app: Flask, client: FlaskClient, whose: str) -> Iterator[Told]:
    """Every address as a page and as a fragment, what is refused, and what is too large."""
    opened = {
        address_of(app, rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    opened |= {f"/static/{name}" for name in STATIC}
    opened |= {"/nothing", "/contacts", "/static/none", "/logout"}
    for address in sorted(opened):
        for headers in ({}, HTMX):
            with client.get(address, headers=headers) as answer:
                yield _told(f"{whose} GET {address} {headers}", answer)
    for address in ("/login", "/contacts/new", "/logout", "/nothing", "/static/css/tokens.css"):
        with client.post(address) as answer:
            yield _told(f"{whose} POST {address}", answer)
    with client.post("/login", data={"a": "b" * 3_000_000}) as answer:
        yield _told(f"{whose} POST /login, too large", answer)


def _told(name: str, answer: TestResponse) -> Told:
    return Told(name, answer.status_code, answer.headers, answer.get_data())


def directives(headers: Headers) -> dict[str, str]:
    """The policy for content, taken apart."""
    parts = headers["Content-Security-Policy"].split("; ")
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


def test_every_answer_carries_its_headers(asked: list[Told]) -> None:
    for name, status, headers, _ in asked:
        assert directives(headers) == POLICY, name
        assert {key: headers.get(key) for key in HEADERS} == HEADERS, name
        assert not [key for key, _ in headers if key.startswith("Access-Control-")], name
        assert "Server" not in headers, name
        is_ours = " GET /static/" in name and status == 200
        assert (headers["Cache-Control"] == "no-store") is not is_ours, name
    assert {told.status for told in asked} >= {200, 303, 308, 400, 404, 405, 413}


def test_every_answer_says_what_it_is_and_in_which_characters(asked: list[Told]) -> None:
    for name, _, headers, data in asked:
        kind = headers.get("Content-Type", "")
        if data:
            assert "charset=utf-8" in kind or kind in WITHOUT_CHARACTERS, f"{name}: {kind}"


def test_no_page_tells_where_one_came_from(asked: list[Told]) -> None:
    said = [re.findall(rb'<meta name="referrer" content="([\w-]+)"', told.data) for told in asked]
    assert {one for found in said for one in found} == {b"no-referrer"}


def test_the_content_network_stands_in_the_policy_by_one_file() -> None:
    by_one_file = f"script-src 'self' {HTMX_URL};"
    assert policy("cdn") == policy("local").replace("script-src 'self';", by_one_file)


def test_every_cookie_is_for_this_host_and_no_script(asked: list[Told]) -> None:
    names = set()
    for cookie in (one for told in asked for one in told.headers.getlist("Set-Cookie")):
        named, *parts = (part.strip() for part in cookie.split(";"))
        names.add(named.partition("=")[0])
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(parts), cookie
        assert not any(part.startswith("Domain") for part in parts), cookie
    assert names == {f"__Host-wesentra{end}" for end in ("", "-visitor", "-known", "-notice")}


def test_every_page_of_somebody_signed_in_has_the_way_out(asked: list[Told]) -> None:
    own = [t for t in asked if t.name.startswith("everybody") and "/static/" not in t.name]
    shown = [told for told in own if told.is_page and told.status // 100 != 3]
    assert [told[:2] for told in shown if b'action="/logout"' not in told.data] == []
    assert len(shown) > 40


@sqlite_only
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "DELETE", "PATCH", "CONNECT"])
def test_methods_that_nothing_needs_are_refused(app: Flask, method: str) -> None:
    for client in (factories.signed_in(app, "staff"), factories.browser(app)):
        for address in ("/", "/login", "/contacts/1", "/healthz", "/static/js/page.js"):
            said = {"X-Wesx": "secret"}
            with client.open(address, method=method, headers=said) as answer:
                assert answer.status_code in (303, 400, 405), (method, address)
                assert "secret" not in f"{answer.text}{answer.headers}"


@sqlite_only
@pytest.mark.parametrize(
    "path",
    [
        *("../.git/config", "..%2f..%2f.git/config", "%2e%2e/pyproject.toml", "....//etc/passwd"),
        *(
            "/etc/passwd",
            "..\\..\\etc\\passwd",
            "css/../../pyproject.toml",
            "%00",
            "",
            "css",
            "css/",
        ),
    ],
)
def test_no_other_file_of_the_machine_is_served(app: Flask, path: str) -> None:
    client = factories.browser(app)
    for address in (f"/static/{path}", f"/{path}", "/.git/config", "/.git/HEAD", "/instance/"):
        with client.get(address) as answer:
            assert answer.status_code in (303, 308, 404), address
            assert "Index of" not in answer.text
