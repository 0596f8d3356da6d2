"""The sign-in service as a test uses it: started, told things, walked through like a person."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import pages
from tests.accounts.sso.sign_in_service import CLIENT, PASSWORD, SECRET
from wesentra.web.csrf import SESSION_COOKIE

ROLES = "crm-staff=staff,crm-privacy=privacy,crm-admin=admin,crm-auditor=auditor"
SECONDS = 30


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Service:
    """A running sign-in service."""

    url: str

    @property
    def issuer(self) -> str:
        return f"{self.url}/o"

    def environ(self) -> dict[str, str]:
        """The settings by which a register comes to know it."""
        return {
            "WESENTRA_SSO_ISSUER": self.issuer,
            "WESENTRA_SSO_CLIENT_ID": CLIENT,
            "WESENTRA_SSO_CLIENT_SECRET": SECRET,
            "WESENTRA_SSO_ROLES_CLAIM": "groups",
            "WESENTRA_SSO_ROLES": ROLES,
        }

    def put(self, name: str, *groups: str) -> None:
        """From now on somebody is in these groups."""
        self._tell(name=name, group=list(groups))

    def lead_back_to(self, url: str) -> None:
        """Let it lead back to one more address."""
        self._tell(back=url)

    def _tell(self, **said: object) -> None:
        answer = requests.post(f"{self.url}/control/", data=said, timeout=SECONDS)
        assert answer.status_code == 200, answer.text

    def walked(self, address: str, name: str, browser: requests.Session | None = None) -> str:
        """Where somebody is led who signs in there: the address with the answer."""
        browser = browser or requests.Session()
        while address.startswith(self.url):
            answer = browser.get(address, allow_redirects=False, timeout=SECONDS)
            if answer.status_code == 200:
                answer = self._signed_in(browser, answer, name)
            assert answer.is_redirect, answer.text
            address = urljoin(answer.url, answer.headers["Location"])
        return address

    def _signed_in(
        self, browser: requests.Session, page: requests.Response, name: str
    ) -> requests.Response:
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        data = {**hidden, "username": name, "password": PASSWORD}
        data["next"] = data.get("next", "").replace("&amp;", "&")
        return browser.post(page.url, data=data, allow_redirects=False, timeout=SECONDS)


@contextmanager
def running(folder: Path) -> Iterator[Service]:
    """A service of its own, until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "tests.accounts.sso.sign_in_service", str(port), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            yield Service(f"http://127.0.0.1:{port}")
        finally:
            process.kill()


def begun(client: FlaskClient, path: str = "/login/sso/") -> str:
    """The address at the service to which one is led from the register."""
    answer = client.get(path)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def path_of(address: str) -> str:
    """What a browser asks the register for."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def came_back(client: FlaskClient, address: str) -> pages.Form:
    """The form of the page that one comes back to."""
    return pages.visit(client, path_of(address)).form("/login/sso/back")


def come_in(
    client: FlaskClient, service: Service, name: str, path: str = "/login/sso/"
) -> TestResponse:
    """All of it: there, signed in there, and back."""
    return came_back(client, service.walked(begun(client, path), name)).send()


def is_in(client: FlaskClient) -> bool:
    """Whether this browser has a session."""
    return client.get_cookie(SESSION_COOKIE, domain="localhost") is not None
