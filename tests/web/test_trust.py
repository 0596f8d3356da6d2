"""The page by which a browser comes to trust the installation's own authority."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from flask import Flask

from tests import factories, pages
from tests.databases import sqlite_only
from wesentra.app import create_app
from wesentra.operations import tls
from wesentra.settings import Settings

pytestmark = sqlite_only


@pytest.fixture
def authority(settings: Settings) -> Path:
    """The authority of the installation that `app` belongs to."""
    return tls.ensure(settings.instance).authority


def test_nobody_has_to_be_signed_in(app: Flask, authority: Path) -> None:
    client = factories.browser(app)
    page = client.get("/trust/")
    assert page.status_code == 200
    digest = x509.load_pem_x509_certificate(authority.read_bytes()).fingerprint(hashes.SHA256())
    shown = pages.read(client, page).text
    for group in (digest.hex().upper()[start : start + 4] for start in range(0, 64, 4)):
        assert group in shown


def test_the_file_is_the_authority_and_has_the_fingerprint(app: Flask, authority: Path) -> None:
    answer = factories.browser(app).get("/trust/wesentra-authority.crt")
    assert answer.mimetype == "application/x-x509-ca-cert"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    found = x509.load_der_x509_certificate(answer.data)
    assert found == x509.load_pem_x509_certificate(authority.read_bytes())
    assert sha256(answer.data).digest() == found.fingerprint(hashes.SHA256())


def test_no_key_can_be_had(app: Flask, authority: Path) -> None:
    client = factories.browser(app)
    for path in (
        "authority.key",
        "authority.pem",
        "server.key",
        "../secret.key",
        "..%2Fsecret.key",
    ):
        assert client.get(f"/trust/{path}").status_code == 404
    assert b"PRIVATE" not in client.get("/trust/wesentra-authority.crt").data


def test_the_sign_in_page_leads_there(app: Flask, authority: Path) -> None:
    assert 'href="/trust/"' in factories.browser(app).get("/login").text


def test_the_page_says_the_same_in_three_languages(app: Flask, authority: Path) -> None:
    client = factories.browser(app)
    texts = {
        language: client.get("/trust/", headers={"Accept-Language": language}).text
        for language in ("fi", "sv", "en")
    }
    for language, text in texts.items():
        assert f'<html lang="{language}"' in text
        assert text.count("<li>") == texts["en"].count("<li>")
        assert "Get-FileHash wesentra-authority.crt" in text
    assert len({text.partition("<h1>")[2][:40] for text in texts.values()}) == 3


@pytest.mark.parametrize(
    "otherwise",
    [
        {"behind_proxy": True, "trusted_proxies": ("127.0.0.1",)},
        {"tls_certificate": "/etc/given.pem", "tls_key": "/etc/given.key"},
    ],
)
def test_where_another_certificate_is_served_nothing_is_offered(
    settings: Settings, authority: Path, otherwise: dict[str, object]
) -> None:
    """An authority that is still there must not be installed for nothing."""
    client = factories.browser(create_app(replace(settings, **otherwise)))  # type: ignore[arg-type]
    assert client.get("/trust/").status_code == 404
    assert client.get("/trust/wesentra-authority.crt").status_code == 404
    assert "/trust/" not in client.get("/login").text


def test_without_an_authority_nothing_is_offered(app: Flask) -> None:
    client = factories.browser(app)
    assert client.get("/trust/").status_code == 404
    assert client.get("/trust/wesentra-authority.crt").status_code == 404
    assert "/trust/" not in client.get("/login").text


def test_a_look_at_it_is_no_look_at_people(app: Flask, authority: Path) -> None:
    client = factories.signed_in(app, "staff")
    answer = client.get("/trust/")
    assert answer.status_code == 200
    assert factories.entries_of(app, answer) == []
