"""Finds every page a person can open, by following links; new pages are found with no new line."""

import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests import pages

Key = tuple[str, frozenset[str], frozenset[str]]
Shape = frozenset[str]
PIECE = re.compile(r"<([a-z0-9]+)[^>]*?(?: class=\"([^\"]*)\"| type=\"([^\"]*)\"|>)")

STARTS = (
    "/",
    "/contacts/1",
    "/contacts/2",
    "/companies/1",
    "/companies/2",
    "/interactions/new?contact=1",
    "/interactions/new?contact=3",
    "/search/?q=virtanen",
    "/search/?q=nobodyhasthisname",
    "/call?number=0912345",
    "/call?number=0409999999",
    "/call?number=secret",
    "/tasks/new?contact=1",
    "/requests/",
    "/log/people/1",
    "/log/people/5000",
    "/log/people/1/answer?language=sv",
    "/log/restore",
    "/restrictions/1/open",
    "/minimisation/contacts/1/phone",
    "/account/confirm/",
    "/settings/users/5",
    "/settings/users/5/second-factor/reset",
    "/imports/1",
    "/imports/2",
    "/trust/",
    "/nowhere",
)
"""What no link leads to, or what is worth a second look."""


@dataclass
class Walk:
    """A walk of somebody who follows every link and every form that only asks."""

    app: Flask
    client: FlaskClient
    shapes: dict[Shape, str] = field(default_factory=dict)
    """One page of each shape: its view and the kinds of pieces its main part is made of."""
    views: set[str] = field(default_factory=set)
    """The views that answered: with pages, files or the way to others."""
    forms: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The view a form is sent to: a page that the form is on, and its action."""

    def go(self) -> "Walk":
        """Follow all links to the end."""
        waiting = deque((url, True) for url in STARTS)
        seen: set[Key] = set()
        while waiting:
            url, wanted = waiting.popleft()
            key = self.key_of(url)
            if wanted or (key is not None and key not in seen):
                seen |= {key} if key else set()
                waiting.extend((led, False) for led in self._visit(url, key))
        return self

    def key_of(self, url: str, method: str = "GET") -> Key | None:
        """What makes an address a page of its own: its view, the words in it, what it asks."""
        parts = urlsplit(url)
        try:
            endpoint, values = self.app.url_map.bind("localhost").match(parts.path, method)
        except HTTPException:
            return None
        words = frozenset(v for v in values.values() if isinstance(v, str) and v.isidentifier())
        return endpoint, words, frozenset(parse_qs(parts.query))

    def _visit(self, url: str, key: Key | None) -> list[str]:
        with self.client.get(url) as response:
            if key is not None and response.status_code < 400:
                self.views.add(key[0])
            if 300 <= response.status_code < 400:
                return [response.location]
            if response.mimetype != "text/html" or response.status_code == 403:
                return []
            main = response.text.partition("<main")[2]
            pieces = {" ".join(piece) for piece in PIECE.findall(main)}
            shape = frozenset(pieces | {key[0] if key else "", str(response.status_code)})
            self.shapes.setdefault(shape, url)
            return self._read(url, response)

    def _read(self, url: str, response: TestResponse) -> list[str]:
        page = pages.read(self.client, response)
        hrefs = [link.href for link in page.links]
        hrefs += [link.attributes["hx-get"] for link in page.links if "hx-get" in link.attributes]
        for form in page.forms:
            if form.method == "get":
                hrefs.append(f"{form.action}?{urlencode(form.fields)}")
            elif key := self.key_of(form.action, "POST"):
                self.forms.setdefault(" ".join([key[0], *key[1]]), (url, form.action))
        joined = (urljoin(url, href).split("#")[0] for href in hrefs)
        return [one for one in joined if one.startswith("/")]
