"""The real server, the real service, and a client that verifies both: there and back."""

import html
import re
from collections.abc import Iterator

import pytest
import requests
from flask import Flask

from tests import factories
from tests.accounts.sso.services import SECONDS, Service
from tests.databases import Database, sqlite_only
from tests.servers import LiveServer
from wesentra.settings import Settings


@pytest.fixture
def server(
    app: Flask, settings: Settings, database: Database, service: Service
) -> Iterator[LiveServer]:
    """`wesentra serve` with the settings of the service."""
    factories.user(app, "staff", name="aino")
    started = LiveServer(settings.instance, database.environ() | service.environ()).start()
    yield started
    started.stop()


@sqlite_only
def test_through_the_real_server(server: LiveServer, service: Service) -> None:
    service.lead_back_to(f"{server.url}/login/sso/back")
    browser = requests.Session()
    browser.trust_env, browser.verify = False, str(server.authority)
    there = browser.get(f"{server.url}/login/sso/?next=/tasks/", allow_redirects=False, timeout=9)
    assert there.status_code == 303
    back = service.walked(there.headers["Location"], "aino")
    assert back.startswith(f"{server.url}/login/sso/back?")
    page = browser.get(back, timeout=SECONDS)
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    data = {name: html.unescape(value) for name, value in fields}
    done = browser.post(
        f"{server.url}/login/sso/back", data=data, allow_redirects=False, timeout=SECONDS
    )
    assert (done.status_code, done.headers["Location"]) == (303, "/tasks/")
    assert "__Host-wesentra" in browser.cookies
    gone = {"__Host-wesentra-sso", "__Host-wesentra-sso-form"}
    assert not gone & set(browser.cookies.keys())
