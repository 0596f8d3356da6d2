"""What attackers and broken programs type into forms, and a judge of what becomes of it.

Each value has a tag, a word of its own, by which it is found again: in the answer, in the register,
in the log, where it may never be.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote, quote_plus

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests import pages
from tests.browser.walk import Walk

PLAIN = "application/x-www-form-urlencoded"
TAG = "wesq"
VALUES = (
    *("' OR '1'='1' --TAG", '"; DROP TABLE contact; --TAG', "TAG'); DELETE FROM user_account; --"),
    *(
        "TAG' UNION SELECT password_hash FROM user_account --",
        "%TAG_%",
        "TAG\\",
        "1; SELECT pg_sleep(9)TAG",
    ),
    *("<script>wesx('TAG')</script>", "<wesx onwesx=1>TAG", '"><wesx onwesx="1">TAG'),
    *("'><wesx>TAG", '" onwesx="1" x="TAG', "' onwesx='1' TAG", "</textarea><wesx>TAG"),
    *("</title></style></script><wesx>TAG", "<!--<wesx>TAG-->", "<svg/onwesx=1>TAG"),
    *("javascript:wesx('TAG')", "data:text/html,<wesx>TAG", "&lt;wesx&gt;TAG", "TAG&#60;wesx&#62;"),
    *("TAG{{7*7}}TAG", "TAG${7*7}TAG", "TAG<%= 7*7 %>TAG", "TAG{%raw%}", "TAG#{7*7}TAG"),
    *("TAG%(name)s%s%n%d", "TAG{0.__class__}", "=cmd|' /C calc'!A0 TAG", "+TAG", "-2+3TAG", "@TAG"),
    *("\t=1+1TAG", "TAG\r\nSet-Cookie: wesx=1", "TAG\nX-Wesx: 1", "//wesx.example/TAG"),
    *("//[TAG", "http://[TAG", "//TAG]"),
    *("https://wesx.example/TAG", "/\\wesx.example/TAG", "../../../etc/passwd TAG", "TAG\x00wesx"),
    *(
        "TAG\x01\x1b[31m\x7f",
        "TAG\u202ewesx\u2066",
        "TAG\u200b\u200d\ufeffx",
        "TAG\ud800",
        "\udfffTAG",
    ),
    *(
        "TAG" + "e\u0301" * 40,
        "TAG\U0001f600\U0001f1eb\U0001f1ee",
        "ﷺTAGﬀ",
        "İTAGß",
        "TAG" + "a" * 5000,
    ),
    *("9223372036854775808", "-1", "0", "1e309", "NaN", "١٢٣", "0x10", "2147483648", "1" * 400),
    *(
        "0000-00-00",
        "9999-12-31",
        "2026-02-30",
        "99999-01-01",
        "24:00",
        "2026-11-23T25:61",
        "  ",
        "\xa0",
    ),
)
"""SQL, markup, templates, formulas, lines of headers, addresses, characters, numbers, days."""
QR_CODE = "data:image/svg+xml;charset=utf-8,%3Csvg%20xmlns"
"""The picture for an authenticator app, which is drawn here."""
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
SUSPICIOUS = re.compile(rf"wesx|{TAG}49|javascript:|=[\"']?\s*(?:data:|//)", re.IGNORECASE)
"""Only an answer with something of this is taken apart."""
LOG = ("log_entry", "log_subject", "log_head", "log_day", "log_total", "log_checkpoint")
EXEMPT = {
    *(("contact_word", "word"), ("company_word", "word")),  # folded
    *(("contact", "sort_key"), ("company", "sort_key")),  # folded
    *(("import_row", "record"), ("import_job", "mapping")),  # JSON
}
"""Columns that hold what was made of a value."""

hostile_text = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="<>\"'&={}%$;\\/ \t\r\n\0()-+@|`", max_size=40),
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.sampled_from(VALUES),
)


@dataclass(frozen=True)
class Target:
    """A form as it was found: whose, on which page, sent where, with which controls."""

    role: str
    page: str
    action: str
    key: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]
    """Each control's name and kind: `text`, `textarea`, `select`, `hidden` …"""
    method: str = "post"

    def typed(self) -> list[str]:
        """The controls that somebody types into."""
        written = ("text", "search", "email", "tel", "url", "number", "textarea", "password")
        days = ("date", "time", "datetime-local", "month")
        return [name for name, kind in self.kinds if kind in (*written, *days)]

    def chosen(self) -> list[str]:
        """The controls with values of ours, which somebody else's program replaces."""
        ours = [n for n, _ in self.kinds if n not in self.typed() and n != "csrf_token"]
        return [name for name in ours if dict(self.kinds)[name] != "file"]


class _Kinds(HTMLParser):
    """The controls of each form of a page, in their order; and what no page of ours has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.foreign: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        leads = [given.get(name, "") for name in ("href", "src", "action", "formaction")]
        if tag == "img" and leads[1].startswith(QR_CODE):
            leads[1] = ""  # the picture that an app reads; what it holds is not run
        if "wesx" in tag or any("wesx" in name for name in given):
            self.foreign.append(f"<{tag} {sorted(given)}>")
        if any(to.strip().lower().startswith(("javascript:", "data:", "//")) for to in leads):
            self.foreign.append(f"<{tag}> leads to {leads}")
        if tag == "form":
            self.forms.append({})
        elif tag in ("input", "select", "textarea") and given.get("name") and self.forms:
            kind = given.get("type", "text") if tag == "input" else tag
            kind = "hidden" if "readonly" in given else kind  # nobody types there
            self.forms[-1][given["name"]] = kind


class Finder(Walk):
    """A walk that keeps every form, and hands every page to a judge."""

    def __init__(self, app: Flask, client: FlaskClient, role: str, judge: "Judge") -> None:
        super().__init__(app, client)
        self.role, self.judge = role, judge
        self.targets: dict[tuple[str, ...], Target] = {}

    def _read(self, url: str, response: TestResponse) -> list[str]:
        self.judge.markup(f"{self.role} {url}", response)
        for target in targets(self.app, self.client, self.role, url, response):
            self.targets.setdefault(target.key, target)
        return super()._read(url, response)


def targets(
    app: Flask, client: FlaskClient, role: str, url: str, response: TestResponse
) -> Iterator[Target]:
    """The forms of an answer."""
    for part in FORM.findall(response.text):
        reader = pages._Reader(client, response.request.path)
        reader.feed(part)
        form, controls = reader.forms[0], _Kinds(part).forms[0]
        if form.method not in ("get", "post"):  # a dialog of the page sends nothing
            continue
        action = form.action.partition("?")[0] or "/"
        endpoint = app.url_map.bind("localhost").match(action, form.method.upper())[0]
        key = (str(endpoint), form.method, *sorted(controls))
        yield Target(role, url, form.action, key, tuple(controls.items()), form.method)


def fresh(client: FlaskClient, target: Target) -> pages.Form | None:
    """The form as its page has it now; None when the page or the form is gone."""
    with client.get(target.page) as response:
        return form_in(client, response, target)


def form_in(client: FlaskClient, response: TestResponse, target: Target) -> pages.Form | None:
    """The form in an answer, if it is there; the rest of the page is not even looked at."""
    if response.mimetype != "text/html":
        return None
    for part in FORM.findall(response.text):
        reader = pages._Reader(client, response.request.path)
        reader.feed(part)
        form = reader.forms[0]
        if form.action == target.action and form.method == target.method:
            return form
    return None


def body(fields: list[tuple[str, str]]) -> bytes:
    """A form as a browser sends it; half a surrogate pair as the bytes it would be."""
    parts = (
        f"{quote_plus(name)}={quote_plus(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in fields
    )
    return "&".join(parts).encode()


def half(char: str) -> bool:
    """Whether it is half of a surrogate pair."""
    return 0xD800 <= ord(char) < 0xE000


def plain(text: str) -> str:
    """A text as one compares it: composed, blanks as one, without what nobody sees.

    Bytes that are no text are received as their codes in per cent (Werkzeug), as addresses are.
    """
    received = "".join(quote(c.encode("utf-8", "surrogatepass")) if half(c) else c for c in text)
    composed = unicodedata.normalize("NFC", received)
    seen = "".join(c for c in composed if unicodedata.category(c) != "Cf")
    return " ".join(seen.split())


@dataclass
class Judge:
    """What may not come of a value; `database` is the file of the register, where it is one."""

    database: str = ""
    faults: list[str] = field(default_factory=list)

    def answer(
        self,
        name: str,
        target: Target,
        client: FlaskClient,
        answer: TestResponse,
        typed: dict[str, str],
    ) -> None:
        """One answer to a form that was sent with these values."""
        value = " ".join(typed.values())
        unreadable = "\0" in value or any(map(half, value))
        allowed = {200, 303, 404, 409, 410, 422, *((400,) if unreadable else ())}
        if answer.status_code not in allowed:
            self.faults.append(f"{name}: {answer.status_code}")
        led = answer.headers.get("Location") or answer.headers.get("HX-Redirect") or "/"
        if not led.startswith("/") or led.startswith(("//", "/\\")):
            self.faults.append(f"{name}: leads to {led}")
        if any("wesx" in f"{key}".lower() for key, _ in answer.headers):
            self.faults.append(f"{name}: a header of its own")
        self.markup(name, answer)
        if answer.status_code == 422:
            self.kept(name, target, client, answer, typed)

    def markup(self, name: str, answer: TestResponse) -> None:
        """No tag, attribute or address that somebody typed, and no template that was computed."""
        if answer.mimetype == "text/html" and SUSPICIOUS.search(answer.text):
            self.faults += [f"{name}: {one}" for one in _Kinds(answer.text).foreign]
            if f"{TAG}49{TAG}" in answer.text:
                self.faults.append(f"{name}: computes what was typed")

    def kept(
        self,
        name: str,
        target: Target,
        client: FlaskClient,
        answer: TestResponse,
        typed: dict[str, str],
    ) -> None:
        """What was typed stands in the refused form, but for a password."""
        again = form_in(client, answer, target)
        kinds = dict(target.kinds)
        for control in target.typed():
            if control not in typed or kinds[control] == "password" or not plain(typed[control]):
                continue
            if again is None:
                self.faults.append(f"{name}: refused without its form")
                return
            shown = again.fields.get(control, "")
            if plain(shown) != plain(typed[control]):
                self.faults.append(f"{name}: {control} has {shown[:60]!r}")

    def stored(self, name: str, tag: str, typed: dict[str, str]) -> None:
        """What stands in the register is what was typed, and the log has nothing of it."""
        values = {plain(value).lower() for value in typed.values()}
        for table, column, cell in cells(self.database, tag):
            if table in LOG:
                self.faults.append(f"{name}: the log has it in {table}.{column}")
            elif (table, column) not in EXEMPT and plain(cell).lower() not in values:
                self.faults.append(f"{name}: {table}.{column} has {cell[:80]!r}")


def cells(database: str, tag: str) -> list[tuple[str, str, str]]:
    """Every value of the register with a tag in it: table, column, value."""
    found = []
    with closing(sqlite3.connect(database)) as connection:
        names = connection.execute("select name from sqlite_master where type = 'table'")
        for (table,) in names.fetchall():
            columns = [row[1] for row in connection.execute(f"pragma table_info({table})")]
            wanted = " or ".join(f'instr("{column}", ?)' for column in columns)
            query = f'select * from "{table}" where {wanted}'  # noqa: S608 - our own tables
            for row in connection.execute(query, [tag] * len(columns)):
                pairs = zip(columns, row, strict=True)
                found += [(table, c, v) for c, v in pairs if isinstance(v, str) and tag in v]
    return found
