"""Reads pages as a person does: titles, links, and forms that are filled in and sent."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SILENT = ("script", "style", "template")
VOID = ("input", "meta", "link", "br", "hr", "img", "source", "use", "path", "rect", "wbr", "col")
Attributes = dict[str, str]


@dataclass
class Form:
    """A form as it stands in a page; `fields` holds what it would send now."""

    client: FlaskClient
    action: str
    method: str
    attributes: Attributes
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    """Every control's name, also of those that would send nothing (unticked boxes, files)."""

    def send(self, *, headers: dict[str, str] | None = None, **values: Any) -> TestResponse:
        """Fill in `values` (None: leave that field out) and send the form; hyphens as `_`."""
        data: dict[str, Any] = dict(self.fields)
        for name, value in values.items():
            known = name if name in self.names else name.replace("_", "-")
            assert known in self.names, f"no field {name} in {self.action}: {self.names}"
            data[known] = value
        data = {name: value for name, value in data.items() if value is not None}
        if self.method == "get":
            return self.client.get(f"{self.action}?{urlencode(data)}", headers=headers)
        return self.client.post(self.action, data=data, headers=headers)


@dataclass
class Link:
    """A link: where it leads and what it says."""

    href: str
    attributes: Attributes
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self, client: FlaskClient, path: str) -> None:
        super().__init__()
        self.client, self.path = client, path
        self.open: list[tuple[str, Attributes]] = []
        self.texts: list[str] = []
        self.titles: list[str] = []
        self.headings: list[str] = []
        self.errors: list[str] = []
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.ids: list[str] = []
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append((tag, given))
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(Link(given["href"], given))
        elif tag == "form":
            method = given.get("method", "get").lower()
            self.forms.append(Form(self.client, given.get("action") or self.path, method, given))
        elif self.forms and "form" in (name for name, _ in self.open):
            self._control(tag, given)

    def _control(self, tag: str, given: Attributes) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "option":
            form.choices.setdefault(self.select, []).append(given.get("value", ""))
            if "selected" in given or self.select not in form.fields:
                form.fields[self.select] = given.get("value", "")
        elif name and "disabled" not in given:
            form.names.append(name)
            if tag == "select":
                self.select = name
            elif tag == "textarea":
                self.area = name
                form.fields[name] = ""
            elif tag == "input":
                self._input(form, name, given)

    def _input(self, form: Form, name: str, given: Attributes) -> None:
        kind = given.get("type")
        if kind in ("checkbox", "radio"):
            form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.fields[name] = given.get("value", "on")
        elif kind not in ("submit", "button", "file", "image"):
            form.fields[name] = given.get("value", "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        names = [name for name, _ in self.open]
        if tag in names:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        names = [name for name, _ in self.open]
        if any(name in SILENT for name in names):
            return
        if self.area:
            self.forms[-1].fields[self.area] += data.removeprefix("\n")
        text = " ".join(data.split())
        if not text:
            return
        if "title" in names and "svg" not in names:
            self.titles.append(text)
            return
        self.texts.append(text)
        if "h1" in names:
            self.headings.append(text)
        if "a" in names and self.links:
            self.links[-1].text = f"{self.links[-1].text} {text}".strip()
        if any("field-error" in given.get("class", "").split() for _, given in self.open):
            self.errors.append(text)


class Page:
    """What a person sees of an answer."""

    def __init__(self, client: FlaskClient, response: TestResponse) -> None:
        self.response = response
        reader = _Reader(client, response.request.path)
        reader.feed(response.text)
        self.text = " ".join(reader.texts)
        self.title = " ".join(reader.titles)
        self.heading = " ".join(reader.headings)
        self.errors = reader.errors
        self.links = reader.links
        self.forms = reader.forms
        self.ids = reader.ids

    def link(self, text: str) -> Link:
        """The link that says `text`; the first of several."""
        return next(link for link in self.links if text in link.text)

    def form(self, action: str = "", field: str = "") -> Form:
        """The form with this address, or the one with this field."""
        for form in self.forms:
            if (not action or form.action == action) and (not field or field in form.names):
                return form
        raise AssertionError(f"no form {action or field}: {[form.action for form in self.forms]}")


def read(client: FlaskClient, response: TestResponse) -> Page:
    """An answer that was had already, as a page."""
    return Page(client, response)


def visit(client: FlaskClient, url: str, **options: Any) -> Page:
    """Go to an address; anything but a page that was found is the test's failure."""
    response = client.get(url, **options)
    assert response.status_code == 200, f"{url}: {response.status_code} {response.text[:2000]}"
    return Page(client, response)
