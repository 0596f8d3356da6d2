"""A small browser: it signs in by the real form and keeps its cookies."""

import re
import ssl
from dataclasses import dataclass
from http.client import HTTPMessage, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from bench.wrk import Session


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: HTTPMessage
    text: str


class Browser:
    """Asks one server over HTTPS; it is our own, on this machine: its certificate is taken."""

    def __init__(self, url: str, cookie: str = "") -> None:
        self.place = urlsplit(url).netloc
        self.cookies = dict([cookie.split("=", 1)] if cookie else [])

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, **values: str) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(values))

    def sign_in(self, name: str, password: str) -> Session:
        """Come in by the form; the cookie and the token of the new session."""
        token = token_in(self.get("/login").text)
        answer = self.post("/login", username=name, password=password, csrf_token=token)
        if answer.status != 303:
            raise SystemExit(f"{name} could not sign in: {answer.status}")
        cookie = next(f"{k}={v}" for k, v in self.cookies.items() if k == "__Host-wesentra")
        return Session(cookie, token_in(self.get("/").text))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        context = ssl._create_unverified_context()  # noqa: S323
        connection = HTTPSConnection(self.place, timeout=30, context=context)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            key, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[key] = value
        connection.close()
        return Answer(response.status, response.headers, text)


def token_in(page: str) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf_token" value="(\w+)"', page)
    if not found:
        raise SystemExit("the page has no form")
    return found[1]
