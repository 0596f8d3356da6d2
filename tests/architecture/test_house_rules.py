"""Rules of the house that no tool keeps: sizes, words, and what lies in the repository."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "wesentra").rglob("*.py"))
READ = [path for path in SOURCES if "migrations" not in path.parts]
"""A migration is written once and never again, in the order of its tables."""
LONGEST_FILE, LONGEST_FUNCTION = 200, 25
LONGER_FILES = {
    "wesentra/audit/hooks.py": "every listener by which the log sees the register, side by side",
    "wesentra/audit/writer.py": "an entry's way from the note to the row, in one piece",
    "wesentra/crm/contacts/queries.py": "every question about contacts, half of them one statement",
}
LONGER_FUNCTIONS = {
    "wesentra/features.py:install": "a list: every feature and every panel, named once",
    "wesentra/app.py:_shell": "a list: what every page has, in its order",
    "wesentra/cli/acting.py:acting": "one context, entered and left in one order",
    "wesentra/cli/backups.py:restore": "its arguments are the command's options, a line each",
    "wesentra/cli/serve.py:serve": "its arguments are the command's options, a line each",
    "wesentra/crm/contacts/actions.py:create": "a list: each field of the new row",
    "wesentra/crm/imports/actions.py:choose": "its arguments, and one refusal a line",
    "wesentra/crm/interactions/actions.py:record": "a list: each field of the new row",
    "wesentra/crm/interactions/views.py:create": "its two ways out, the form's and the page's",
    "wesentra/crm/values/business_id.py:parse": "each way to mistype it has its own sentence",
    "wesentra/crm/values/einvoice.py:parse": "each way to mistype it has its own sentence",
    "wesentra/crm/values/email_address.py:parse": "each way to mistype it has its own sentence",
    "wesentra/crm/values/phone.py:parse": "each way to mistype it has its own sentence",
    "wesentra/crm/values/postal_code.py:parse": "each way to mistype it has its own sentence",
    "wesentra/operations/demo/batch.py:add": "a list: the rows of one invented person",
    "wesentra/web/errors.py:install": "a list: each kind of error and its page",
    "wesentra/web/unit_of_work.py:full_dispatch_request": "one request, from note to commit",
}
"""What is longer than the house asks for, each with its reason."""
ABSENT = {"utils", "helpers", "common", "core", "services", "repositories", "interfaces"}


def tracked() -> list[str]:
    """The files of the repository; where there is none (a packed source), nothing to ask."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.decode().split("\0") if name]


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_files_are_short() -> None:
    long = {names(path) for path in READ if len(path.read_text().splitlines()) > LONGEST_FILE}
    assert long - LONGER_FILES.keys() == set()


def test_functions_are_short() -> None:
    long = {
        f"{names(path)}:{node.name}"
        for path in READ
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    }
    assert long - LONGER_FUNCTIONS.keys() == set()


def test_modules_and_public_names_say_what_they_are() -> None:
    silent = []
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        if tree.body and not ast.get_docstring(tree) and "versions/__init__" not in names(path):
            silent.append(names(path))
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
            if public and not ast.get_docstring(node):
                silent.append(f"{names(path)}:{node.name}")
    assert not silent


def test_no_module_is_a_drawer_for_everything() -> None:
    found = {part for path in SOURCES for part in (*path.parent.parts, path.stem)}
    assert not found & ABSENT


def test_time_comes_through_one_door() -> None:
    clock = re.compile(r"datetime\.(?:now|utcnow|today)\(|date\.today\(|time\.time\(")
    asks = {names(p) for p in SOURCES if clock.search(p.read_text())} - {"wesentra/clock.py"}
    assert not asks


def test_one_place_commits() -> None:
    """Actions and queries never do: what a request did is stored by its unit of work."""
    wrong = [
        names(path)
        for path in SOURCES
        if re.search(r"\.session\.commit\(", path.read_text())
        and path.stem in ("actions", "queries", "views", "forms")
    ]
    assert not wrong


def test_nothing_reaches_past_the_listeners() -> None:
    """A driver's own cursor, an engine of one's own, rows that are pickled, replayed or copied with
    the whole database, and sessions whose events nobody hears would pass the access log."""
    past = re.compile(
        r"raw_connection|driver_connection|\.cursor\(|import pickle|create_engine\("
        r"|(?<!gc)\.freeze\(|\.serialize\(|\.backup\(|AsyncSession"
    )
    reach = {names(path) for path in SOURCES if past.search(path.read_text())}
    assert reach == {
        "wesentra/audit/hooks.py",  # a result is held back until its entries are noted
        "wesentra/audit/net_sqlite.py",  # makes every cursor a watched one
        "wesentra/models/turns.py",  # begins a transaction, and nothing else
        "wesentra/operations/backups/snapshot.py",  # a backup: encrypted, and with an entry
        "wesentra/operations/schema.py",  # migrations have an engine of their own
    }


def test_opt_outs_of_lint_and_types_say_of_what_and_why() -> None:
    """`noqa` with its rule and a reason; `type: ignore` with the kind of error, which is one."""
    bare = [
        f"{names(path)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"#\s*noqa(?::\s*[A-Z0-9, ]+)?\s*$|#\s*type:\s*ignore(?!\[[\w, -]+\])", line)
    ]
    assert not bare


def test_nothing_of_others_lies_in_the_repository() -> None:
    """Libraries come by their packages; what others made is not ours to copy."""
    foreign = re.compile(
        r"(?:^|/)(?:node_modules|vendor|\.venv|site-packages)/|\.min\.(?:js|css)$"
        r"|\.(?:whl|woff2?|ttf|otf|eot|db|sqlite3?|pem|key|mo)$|(?:^|/)instance/"
    )
    assert [name for name in tracked() if foreign.search(name)] == []


def test_every_text_file_is_plain() -> None:
    """UTF-8, line feeds, a last line that ends."""
    kinds = {".py", ".html", ".css", ".js", ".toml", ".md", ".po", ".lock", ".svg", ".mako"}
    for name in tracked():
        path = ROOT / name
        if path.suffix in kinds and path.exists() and path.stat().st_size:
            data = path.read_bytes()
            data.decode("utf-8")
            assert b"\r" not in data, name
            assert data.endswith(b"\n"), name


def test_no_address_of_a_machine_stands_in_the_program() -> None:
    """Folders of one machine and addresses of other networks do not belong into a product."""
    machine = re.compile(rb"/(?:home|Users|work|root)/[a-z]|https?://(?:10|192\.168)\.\d")
    own = {"tests/architecture/test_house_rules.py"}
    kinds = {".py", ".html", ".js", ".toml", ".cfg", ".lock", ".css"}
    found = [
        name
        for name in tracked()
        if Path(name).suffix in kinds
        and name not in own
        and (ROOT / name).exists()
        and machine.search((ROOT / name).read_bytes())
    ]
    assert not found
