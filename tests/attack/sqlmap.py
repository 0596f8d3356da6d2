"""sqlmap on every form of every role, on every question in an address, on the session's cookie."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from tests.attack import tools
from tests.attack.findings import Finding, Outcome
from tests.attack.register import Register, cookies_of
from tests.web import hostile
from tests.web.hostile import FORM, PLAIN, Target
from tests.web.test_hostile_forms import plausible

SECONDS = 240
"""What one form may take."""
POINT = re.compile(r"^Parameter: (.+)$", re.MULTILINE)
TITLE = re.compile(r"^ +Title: (.+)$", re.MULTILINE)
BROKEN = re.compile(r"(5\d\d) \([^)]*\) - (\d+) times")
NONE = "all tested parameters do not appear to be injectable"
BUTTON = re.compile(r'<button[^>]* name="([^"]+)" value="([^"]*)"')
NOTHING = ("no parameter(s) found for testing", "no injectable parameter")
FEW = ("accounts.sign_in_post", "search.index", "log_users.own", "contacts.create")
STATES = ("version", "was", "seen")
WAYS_IN = ("/login", "/account/confirm/", "/account/password")
"""Where guesses are slowed down: each request comes with another name from another address."""


@dataclass(frozen=True)
class Request:
    """One request that sqlmap is given: as bytes of HTTP, and what it has to know of it."""

    name: str
    method: str
    path: str
    cookies: dict[str, str]
    fields: list[tuple[str, str]] = field(default_factory=list)
    page: str = ""
    state: str = ""
    """A hidden field that says what was there when the form was shown; sqlmap fetches it anew from
    the form's page for each request, or only the first would be taken."""
    only: str = ""
    """The one field to attack; all by default."""

    def text(self, place: str) -> str:
        """As it goes over the wire."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = f"{self.method} {self.path} HTTP/1.1\nHost: {place}\nCookie: {cookies}\n"
        if self.method == "GET":
            return f"{head}\n"
        return f"{head}Content-Type: {PLAIN}\n\n{hostile.body(self.fields).decode()}"


def command(request: Request, file: Path, home: Path, url: str) -> list[str]:
    """sqlmap at level 1 and risk 1: nothing that changes data by itself, one request at a time."""
    said = [tools.path_of("sqlmap") or "sqlmap", "-r", str(file), "--batch"]
    said += ["--force-ssl"] if url.startswith("https") else []
    said += ["--level=1", "--risk=1", "--technique=BEUT", "--dbms=sqlite", "--threads=1"]
    said += ["--timeout=20", "--retries=1", "--time-sec=3", "--ignore-redirects", "--skip-waf"]
    found = "401,404" if "*" in request.path else "401"  # a word that nobody has is not found
    said += [f"--ignore-code={found}", "--disable-coloring", "-v", "3", "--flush-session"]
    said += [
        "--output-dir",
        str(home / "sqlmap"),
        f"--param-exclude=^(csrf_token|{request.state})$",
    ]
    if request.state:
        said += [f"--csrf-token={request.state}", f"--csrf-url={url}{request.page}"]
    if request.only:
        said += ["-p", request.only]
    if urlsplit(request.path).path in WAYS_IN:
        said += ["--tamper=xforwardedfor"]
    return said


def request_of(register: Register, target: Target) -> Request | None:
    """A form filled in as its page has it now, sent by somebody who has just come in."""
    client = register.signed_in(target.role)
    form = hostile.fresh(client, target)
    if form is None:
        return None
    fields = plausible(target, form) | _buttons(client, target)
    if "token" in fields and target.page != "/login":
        fields["token"] = ""  # a form that is sent twice is taken once: each time the first
    name = f"{target.role} {target.key[0]}"
    path, _, query = target.action.partition("?")
    if target.method == "get":
        query = hostile.body(list(fields.items())).decode()
    whole = f"{path}?{query}" if query else path
    state = next((one for one in STATES if fields.get(one)), "")
    sent = list(fields.items()) if target.method == "post" else []
    return Request(name, target.method.upper(), whole, cookies_of(client), sent, target.page, state)


def _buttons(client: FlaskClient, target: Target) -> dict[str, str]:
    """What the buttons of a form would send: the first of each name."""
    with client.get(target.page) as response:
        parts = [part for part in FORM.findall(response.text) if f'"{target.action}"' in part]
    found = [BUTTON.findall(part) for part in parts[:1]]
    return dict(reversed([pair for pairs in found for pair in pairs]))


def attack(register: Register, home: Path, short: bool) -> Outcome:
    """Every target in turn; the register is put back when a form is not there any more."""
    outcome = Outcome("sqlmap", "requests", least=100 if short else 2000)
    if tools.path_of("sqlmap") is None:
        outcome.lacks = "sqlmap (requirements/attack.lock)"
        return outcome
    targets = [one for one in register.targets if typed(one)]
    for target in _chosen(targets, outcome) if short else targets:
        request = request_of(register, target)
        if request is None:
            register.restore()
            request = request_of(register, target)
        if request is None:
            outcome.faults.append(f"{target.role} {target.action}: the form is gone")
        else:
            _try(register, request, home, outcome)
            if request.state:
                alone = replace(request, name=f"{request.name}, state", only=request.state)
                _try(register, replace(alone, state=""), home, outcome)
    for request in _others(register, short):
        _try(register, request, home, outcome)
    outcome.notes.append(f"{len(targets)} forms, put back {register.restored} times")
    return outcome


def typed(target: Target) -> bool:
    """Whether a form sends anything but its own token."""
    return bool(target.typed() or target.chosen())


def _chosen(targets: list[Target], outcome: Outcome) -> list[Target]:
    """The short form: the way in, the search, the filter of the log, a new record."""
    first = {target.key[0]: target for target in reversed(targets)}
    outcome.faults += [f"there is no form {name}" for name in FEW if name not in first]
    return [first[name] for name in FEW if name in first]


def _try(register: Register, request: Request, home: Path, outcome: Outcome) -> None:
    file = home / "request.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(request.text(urlsplit(register.url).netloc), encoding="utf-8")
    said = tools.run(command(request, file, home, register.url), home, SECONDS)
    read(request.name, said.output, outcome)
    told = (request.name, outcome.asked, len(outcome.findings), len(outcome.faults))
    print("  sqlmap: {}; so far {} requests, {} findings, {} faults".format(*told), file=sys.stderr)
    if not said.ended:
        outcome.notes.append(f"{request.name}: not finished in {SECONDS} s")


def _others(register: Register, short: bool) -> Iterator[Request]:
    """What is no field of a form: questions in addresses, words in paths, cookies and headers."""
    register.restore()  # forms that delete were sent as well
    cookies = cookies_of(register.signed_in("staff"))
    marked = {name: f"{value}*" for name, value in cookies.items()}
    yield Request("cookies", "GET", "/account/", marked)
    if short:
        return
    for role, path in register.asked:
        yield Request(f"{role} {path}", "GET", path, cookies_of(register.signed_in(role)))


def read(name: str, output: str, outcome: Outcome) -> None:
    """Take in what sqlmap said of one request."""
    asked = output.count("[PAYLOAD]")
    outcome.asked += asked
    outcome.notes += [] if asked else [f"{name}: nothing in it to ask"]
    for point, title in zip(POINT.findall(output), TITLE.findall(output), strict=False):
        outcome.findings.append(Finding("sqlmap", "high", "injection", f"{name} {point}", title))
    for status, times in BROKEN.findall(output):
        where = f"{name}: {status}, {times} times"
        outcome.findings.append(Finding("sqlmap", "medium", "broken", where))
    whole = NONE in output or POINT.search(output) or any(word in output for word in NOTHING)
    if not whole:
        last = [line for line in output.splitlines() if "[CRITICAL]" in line or "[ERROR]" in line]
        outcome.faults.append(f"{name}: {last[-1] if last else 'came to no end'}")
