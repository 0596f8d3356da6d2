"""A page that is weak on purpose, and a file, to see whether the tools can see at all."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.attack import bandit, sqlmap, tools, wapiti
from tests.attack.findings import Outcome, faults_of

WEAK_CODE = "import subprocess\n\ndef run(said):\n    return subprocess.call(said, shell=True)\n"
FORM = '<form action="/found"><input name="q"></form><a href="/found?q=aino">Aino</a>'


class Weak(BaseHTTPRequestHandler):
    """Puts what it is asked into a statement and into the page, as it comes."""

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query).get("q", ["aino"])[0]
        rows: list[tuple[str]] = []
        with sqlite3.connect(":memory:") as database:
            database.execute("create table person (name text)")
            database.execute("insert into person values ('aino'), ('bo')")
            try:
                found = database.execute(f"select name from person where name = '{asked}'")  # noqa: S608 - weak on purpose
                rows = found.fetchall()
                status = 200
            except sqlite3.Error as error:
                rows, status = [(f"sqlite3.OperationalError: {error}",)], 500
        names = "".join(f"<li>{name}</li>" for (name,) in rows)
        page = f"<html><body><h1>{asked}</h1><ul>{names}</ul>{FORM}</body></html>".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class Quiet(ThreadingHTTPServer):
    """Says nothing of tools that go away in the middle of an answer."""

    def handle_error(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def weak_page() -> Iterator[str]:
    """The weak page on a free port of this machine; its address."""
    server = Quiet(("127.0.0.1", 0), Weak)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def attack(home: Path, short: bool) -> Outcome:
    """The same commands and the same judge as for the register: each has to find something."""
    outcome = Outcome("control", "tools that see what is weak", least=1)
    with weak_page() as url:
        seen = {"bandit": _bandit(home), "sqlmap": _sqlmap(url, home)}
        seen["wapiti"] = None if short else _wapiti(url, home)
    for name, found in seen.items():
        if found is not None and not found.lacks:
            outcome.asked += bool(faults_of(found, ()))
            if not found.findings:
                outcome.faults.append(f"{name} is blind: it found nothing in what is weak")
    outcome.notes.append(", ".join(name for name, found in seen.items() if found))
    return outcome


def _bandit(home: Path) -> Outcome:
    outcome, program = Outcome("bandit", "lines"), tools.path_of("bandit")
    if program is None:
        outcome.lacks = "bandit"
        return outcome
    weak, report = home / "weak", home / "bandit-weak.json"
    weak.mkdir(parents=True, exist_ok=True)
    (weak / "weak.py").write_text(WEAK_CODE, encoding="utf-8")
    tools.run(bandit.command(program, weak, report), home, bandit.SECONDS)
    bandit.read(report.read_text(encoding="utf-8"), outcome)
    return outcome


def _sqlmap(url: str, home: Path) -> Outcome:
    outcome = Outcome("sqlmap", "requests")
    if tools.path_of("sqlmap") is None:
        outcome.lacks = "sqlmap"
        return outcome
    request = sqlmap.Request("weak page", "GET", "/found?q=aino", {})
    file = home / "weak.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(request.text(urlsplit(url).netloc), encoding="utf-8")
    said = tools.run(sqlmap.command(request, file, home, url), home, sqlmap.SECONDS)
    sqlmap.read(request.name, said.output, outcome)
    return outcome


def _wapiti(url: str, home: Path) -> Outcome:
    outcome, program = Outcome("wapiti", "pages"), tools.path_of("wapiti")
    if program is None:
        outcome.lacks = "wapiti"
        return outcome
    report = home / "wapiti-weak.json"
    tools.run([program, *wapiti.command(url, ["/"], "", report, home, True)], home, 180)
    if report.exists():
        wapiti.read("nobody", report.read_text(encoding="utf-8"), outcome)
    outcome.findings = [one for one in outcome.findings if "SQL" in one.name or "XSS" in one.name]
    return outcome
