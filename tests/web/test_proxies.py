"""Who asks, when a proxy asks for them: told by the proxies that are named, and by nobody else."""

from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import Client

from tests import factories, pages
from tests.databases import sqlite_only
from wesentra.app import create_app
from wesentra.audit.entry import LogEntry
from wesentra.models import SignInAttempt
from wesentra.models.base import db
from wesentra.reach import networks
from wesentra.settings import Settings
from wesentra.web.proxies import ONLY_TLS, Proxies, client_of

PROXY, OTHER, CLIENT, FORGED = "10.0.0.5", "10.0.0.6", "192.168.1.20", "203.0.113.9"


def told(settings: Settings, trusted: tuple[str, ...], peer: str, **headers: str) -> dict[str, str]:
    """What the application is told of a request that `peer` sends with these headers."""
    seen: dict[str, str] = {}

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update({key: value for key, value in environ.items() if isinstance(value, str)})
        start_response("200 OK", [])
        return []

    behind = settings.behind_proxy
    reach = replace(settings, trusted_proxies=trusted, behind_proxy=behind)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = Client(Proxies(application, reach)).get(
        "/", headers=names, environ_base={"REMOTE_ADDR": peer}, base_url="http://own.example"
    )
    return seen if answer.status_code == 200 else {"refused": answer.text}


def source(settings: Settings, said: str, peer: str = PROXY, *more: str) -> str:
    return told(settings, (PROXY, *more), peer, X_Forwarded_For=said)["REMOTE_ADDR"]


def test_a_named_proxy_is_believed(settings: Settings) -> None:
    assert source(settings, CLIENT) == CLIENT


def test_nobody_else_is(settings: Settings) -> None:
    assert source(settings, FORGED, peer=OTHER) == OTHER


def test_what_the_client_itself_put_there_is_not(settings: Settings) -> None:
    """The proxy appends who asked it; everything before is the client's own word."""
    assert source(settings, f"{FORGED}, {CLIENT}") == CLIENT
    assert source(settings, f"{PROXY}, {FORGED}, {CLIENT}") == CLIENT
    assert source(settings, f"{CLIENT}, {PROXY}") == CLIENT


def test_a_row_of_proxies_is_followed_to_its_end(settings: Settings) -> None:
    assert source(settings, f"{FORGED}, {CLIENT}, {OTHER}", PROXY, OTHER) == CLIENT
    assert source(settings, f"{FORGED}, {CLIENT}, 10.7.0.1", PROXY, "10.7.0.0/16") == CLIENT


@pytest.mark.parametrize("said", ["", "unknown", "_hidden", "a b", ",", "1.2.3", "<script>", "::g"])
def test_what_is_no_address_leaves_the_proxy_s_own(settings: Settings, said: str) -> None:
    assert source(settings, said) == PROXY
    assert source(settings, f"{FORGED}, {said}") == PROXY


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("192.168.1.20:4711", "192.168.1.20"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("::ffff:192.168.1.20", "192.168.1.20"),
    ],
)
def test_addresses_come_in_several_spellings(settings: Settings, said: str, address: str) -> None:
    assert source(settings, said) == address


def test_a_socket_for_both_kinds_of_addresses_changes_nothing(settings: Settings) -> None:
    assert source(settings, CLIENT, peer=f"::ffff:{PROXY}") == CLIENT
    assert source(settings, FORGED, peer=f"::ffff:{OTHER}") == f"::ffff:{OTHER}"


@given(st.text(max_size=200))
def test_whatever_stands_there_an_address_comes_out(said: str) -> None:
    peer = ip_address(PROXY)
    assert ip_address(str(client_of(said, peer, networks((PROXY,)))))


def test_host_and_scheme_are_the_proxy_s_to_say(settings: Settings) -> None:
    said = {"X_Forwarded_Host": "crm.example:8443", "X_Forwarded_Proto": "https"}
    seen = told(settings, (PROXY,), PROXY, **said)
    assert (seen["HTTP_HOST"], seen["wsgi.url_scheme"]) == ("crm.example:8443", "https")
    seen = told(settings, (PROXY,), OTHER, **said)
    assert (seen["HTTP_HOST"], seen["wsgi.url_scheme"]) == ("own.example", "http")


@pytest.mark.parametrize("host", ["a b", "evil@crm.example", "crm.example/x", "a?b", "<x>", "a:b"])
def test_what_is_no_host_is_not_taken(settings: Settings, host: str) -> None:
    assert told(settings, (PROXY,), PROXY, X_Forwarded_Host=host)["HTTP_HOST"] == "own.example"


@pytest.mark.parametrize("peer", [PROXY, OTHER])
def test_nothing_behind_reads_the_headers_again(settings: Settings, peer: str) -> None:
    said = dict.fromkeys(
        ("X_Forwarded_For", "X_Forwarded_Host", "X_Forwarded_Prefix", "X_Forwarded_Port"), "1"
    )
    assert not [key for key in told(settings, (PROXY,), peer, **said) if "FORWARDED" in key]


def test_what_reached_the_proxy_in_the_clear_is_refused(settings: Settings) -> None:
    for said in ("http", "https, http", "HTTP", "ws"):
        seen = told(settings, (PROXY,), PROXY, X_Forwarded_Proto=said)
        assert seen == {"refused": ONLY_TLS.decode()}


def test_behind_a_proxy_only_the_proxy_is_answered(settings: Settings) -> None:
    behind = replace(settings, behind_proxy=True)
    assert told(behind, (PROXY,), OTHER, X_Forwarded_For=PROXY) == {"refused": ONLY_TLS.decode()}
    assert told(behind, (PROXY,), "", X_Forwarded_For=PROXY) == {"refused": ONLY_TLS.decode()}
    assert told(behind, (PROXY,), PROXY, X_Forwarded_For=CLIENT)["REMOTE_ADDR"] == CLIENT


@sqlite_only
def test_the_log_names_who_asked_and_not_who_was_forged(app: Flask) -> None:
    """The test client asks from 127.0.0.1, which nobody has named as a proxy."""
    client = factories.signed_in(app, "staff")
    with factories.register(app):
        contact = factories.contact("Etu", "Suku")
        number = contact.id
    answer = client.get(f"/contacts/{number}", headers={"X-Forwarded-For": FORGED})
    assert answer.status_code == 200
    with app.app_context():
        sources = set(db.session.scalars(select(LogEntry.source)))
    assert FORGED not in sources
    assert "127.0.0.1" in sources


@sqlite_only
def test_the_log_names_whom_a_named_proxy_speaks_for(settings: Settings) -> None:
    app = create_app(replace(settings, trusted_proxies=("127.0.0.1",)))
    client = factories.signed_in(app, "staff")
    answer = client.get("/contacts/", headers={"X-Forwarded-For": f"{FORGED}, {CLIENT}"})
    assert answer.status_code == 200
    with factories.register(app):
        factories.contact("Etu", "Suku")
    client.get("/contacts/", headers={"X-Forwarded-For": f"{FORGED}, {CLIENT}"})
    with app.app_context():
        sources = set(db.session.scalars(select(LogEntry.source)))
        db.engine.dispose()
    assert CLIENT in sources
    assert FORGED not in sources


@sqlite_only
def test_guesses_are_counted_for_the_client_whatever_it_puts_before(settings: Settings) -> None:
    """Thirty wrong tries from one address: a forged one for each would make them thirty of one."""
    app = create_app(replace(settings, trusted_proxies=("127.0.0.1",)))
    factories.signed_in(app, "staff", name="staff")
    client = factories.browser(app)
    for number in range(12):
        form = pages.visit(client, "/login").form("/login")
        answer = client.post(
            "/login",
            data={**form.fields, "username": "staff", "password": "wrong wrong wrong"},
            headers={"X-Forwarded-For": f"203.0.113.{number}, {CLIENT}"},
        )
        assert answer.status_code == 422
    assert "Too many wrong tries" in answer.text
    with app.app_context():
        assert set(db.session.scalars(select(SignInAttempt.source))) == {CLIENT}
        db.engine.dispose()


@pytest.mark.parametrize(("peer", "proto"), [(OTHER, "https"), (PROXY, "http")])
def test_a_refusal_of_the_proxy_s_way_has_its_headers_too(
    settings: Settings, peer: str, proto: str
) -> None:
    reach = replace(settings, trusted_proxies=(PROXY,), behind_proxy=True)

    def nobody(_environ: dict[str, Any], _start_response: Any) -> list[bytes]:
        raise AssertionError("the application was asked")

    answer = Client(Proxies(nobody, reach)).get(
        "/", headers={"X-Forwarded-Proto": proto}, environ_base={"REMOTE_ADDR": peer}
    )
    assert answer.status_code == 403
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer.headers  # it was not asked by TLS
