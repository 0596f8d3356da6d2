"""What a program like this never needs, and how attackers come in where it is used."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_house_rules import ROOT, SOURCES, names

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
COMPUTES = {"eval", "exec", "compile", "__import__", "execfile"}
FOREIGN = {"pickle", "marshal", "shelve", "yaml", "xml", "lxml", "dill", "jsonpickle", "ctypes"}
"""Modules that make objects or documents of foreign bytes, or go past Python's own memory."""
CLIENTS = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib", "telnetlib"}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call of the program: its file, what is called as it is written, the call."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield names(path), ast.unparse(node.func), node


def imported() -> Iterator[tuple[str, str]]:
    """Every module that is imported, with the file that does."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from ((names(path), alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield names(path), node.module
                yield from ((names(path), f"{node.module}.{alias.name}") for alias in node.names)


def files(found: Iterator[tuple[str, str]]) -> set[str]:
    return {file for file, _ in found}


def test_nothing_computes_a_text() -> None:
    """No code, no template and no object is made of a text that came from outside."""
    made = {(file, name) for file, name, _ in calls() if name in COMPUTES}
    made |= {(f, n) for f, n, _ in calls() if n.endswith(("render_template_string", "from_string"))}
    assert made == set()
    assert files((f, m) for f, m in imported() if m.partition(".")[0] in FOREIGN) == set()


def test_programs_are_started_in_three_places_and_by_no_shell() -> None:
    started = [(file, call) for file, name, call in calls() if name.startswith("subprocess.")]
    assert {file for file, _ in started} == {
        "wesentra/crm/imports/sheet.py",  # the unpacker of spreadsheets
        "wesentra/operations/backups/postgresql.py",  # PostgreSQL's own, for its backups
        "wesentra/operations/beside.py",  # the program itself, for its jobs
    }
    for file, call in started:
        assert "shell" not in {word.arg for word in call.keywords}, file
    shells = ("os.system", "os.popen", "os.exec", "os.spawn", "pty.")
    assert [(file, name) for file, name, _ in calls() if name.startswith(shells)] == []


def test_secrets_are_made_by_no_weak_hash_and_no_weak_chance() -> None:
    weak = re.compile(r"\b(?:hashlib\.)?(?:md5|sha1|md4|crc32|adler32)$")
    assert [(file, name) for file, name, _ in calls() if weak.search(name)] == []
    invented = files((f, m) for f, m in imported() if m.partition(".")[0] == "random")
    assert all(file.startswith("wesentra/operations/demo/") for file in invented)
    ciphers = files((f, m) for f, m in imported() if "primitives.ciphers" in m)
    assert ciphers == {
        "wesentra/accounts/sealing.py",  # AES-GCM alone
        "wesentra/operations/backups/header.py",  # ChaCha20-Poly1305, as age wants it
        "wesentra/operations/backups/stream.py",
    }


def test_no_client_trusts_everybody() -> None:
    careless = re.compile(r"CERT_NONE|_create_unverified|check_hostname\s*=\s*False|verify=False")
    assert [names(path) for path in SOURCES if careless.search(path.read_text())] == []


BY_HTTP = {"wesentra/accounts/sso/fetching.py", "wesentra/accounts/sso/provider.py"}
"""Who may speak HTTP: to the sign-in service of the settings, where there is one."""


def test_connections_are_opened_in_few_places() -> None:
    """Where the program speaks to other machines, beside its database."""
    by_http = {(f, m) for f, m in imported() if m.partition(".")[0] in CLIENTS or m in CLIENTS}
    assert files(iter(by_http)) <= BY_HTTP
    opens = {f for f, n, _ in calls() if n in ("smtplib.SMTP", "smtplib.SMTP_SSL")}
    opens |= {f for f, n, _ in calls() if n.endswith((".create_connection", ".connect_ex"))}
    assert opens == {"wesentra/mail.py", "wesentra/audit/syslog.py"}


def test_no_pattern_is_made_of_what_was_typed() -> None:
    """A pattern is a literal, or put together of literals where a module begins."""
    of_re = {f"re.{what}" for what in ("compile", "search", "match", "fullmatch", "sub", "findall")}
    of_re |= {f"re.{what}" for what in ("split", "finditer", "subn")}
    of_names = {"wesentra/audit/statements.py"}  # put together of the names of our own tables
    for file, name, call in calls():
        if name in of_re and file not in of_names:
            pattern = call.args[0]
            fixed = isinstance(pattern, ast.Constant) or (
                isinstance(pattern, ast.Name | ast.Attribute)
                and ast.unparse(pattern).rpartition(".")[2].isupper()
            )
            assert fixed or not _inside_a_function(file, call), f"{file}: {ast.unparse(call)}"


def _inside_a_function(file: str, call: ast.Call) -> bool:
    tree = ast.parse((ROOT / file).read_text())
    inside = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.lineno <= call.lineno <= (node.end_lineno or node.lineno)
    ]
    return bool(inside)


def test_markup_is_only_what_the_program_wrote() -> None:
    safe = {names(path) for path in TEMPLATES if re.search(r"\|\s*safe\b", path.read_text())}
    assert safe == {"templates/ui/in_place.html"}  # `<wbr>` in an escaped address; fixed attributes
    unescaped = [names(p) for p in TEMPLATES if re.search(r"autoescape\s+false", p.read_text())]
    assert unescaped == []
    marked = {file for file, name, _ in calls() if name.rpartition(".")[2] == "Markup"}
    assert marked == {
        "wesentra/app.py",  # the field with the token of forms
        "wesentra/web/language.py",  # sentences of the catalogues; their values are escaped
        "wesentra/web/panels.py",  # pieces of pages, out of templates
    }


def code_of(path: Path) -> str:
    """A script without its comments."""
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text(), flags=re.DOTALL)


def test_scripts_write_text_and_no_markup() -> None:
    writes = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|"
        r"setAttribute\(\s*[\"']on|javascript:|window\.postMessage|parent\.|opener\.|"
        r"addEventListener\(\s*[\"']message[\"']"
    )
    found = {names(p): writes.findall(code_of(p)) for p in SCRIPTS if writes.search(code_of(p))}
    # A channel reaches the pages of this origin only (HTML, 9.5): nobody else's message comes.
    assert found == {"static/js/session.js": ['addEventListener("message"']}
    assert "new BroadcastChannel(" in (ROOT / "static/js/session.js").read_text()


def test_the_browser_s_storage_holds_nothing_of_people() -> None:
    storage = re.compile(
        r"localStorage|indexedDB|document\.cookie|caches\.|serviceWorker|"
        r"sessionStorage\.\w+\([^)]*\)"
    )
    found = [one for path in SCRIPTS for one in storage.findall(code_of(path))]
    assert set(found) == {'sessionStorage.setItem(MEMORY, "1")', "sessionStorage.getItem(MEMORY)"}
    base = (ROOT / "templates" / "base.html").read_text()
    assert '"historyCacheSize":0' in base  # htmx keeps no pages there either


def test_a_form_and_an_address_are_never_mixed() -> None:
    """What stands in the address cannot take the place of what stands in a form."""
    mixed = {names(path) for path in SOURCES if re.search(r"request\.values", path.read_text())}
    # There it is where one is led afterwards, which is looked at in either case (`own_path`).
    assert mixed <= {"wesentra/accounts/confirm_views.py", "wesentra/accounts/sso/views.py"}
