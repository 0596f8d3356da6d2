"""Every address is closed unless it is opened, and being refused shows and logs no look."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests import factories
from tests.audit import marked
from tests.databases import Database, sqlite_only
from wesentra.audit.entry import CHANGES, SHOWS
from wesentra.web.guard import OPEN
from wesentra.web.permissions import PERMISSIONS, role_for

ROOT = Path(__file__).parents[2]
OPEN_NAMES = {name for name, _ in OPEN}
UNTYPED = {"name", "request_id", "slot", "state", "key", "group", "field"}
"""Parameters that are words by nature and are looked up in a fixed list or an index."""
ROLES: tuple[str | None, ...] = ("staff", "privacy", "admin", "auditor", None)


def closed(app: Flask) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_NAMES)


def needed(app: Flask, rule: Rule) -> str:
    return str(app.view_functions[rule.endpoint].need.permission)  # type: ignore[attr-defined]


@sqlite_only
def test_every_address_says_what_it_needs_or_why_it_is_open(app: Flask) -> None:
    for rule in closed(app):
        need = getattr(app.view_functions[rule.endpoint], "need", None)
        assert need is not None, f"{rule} needs nothing and is not in OPEN"
        assert need.permission in PERMISSIONS, rule
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints >= OPEN_NAMES
    assert all(reason for _, reason in OPEN)


@sqlite_only
def test_a_permission_has_its_folder_s_name(app: Flask) -> None:
    known = {rule.endpoint.split(".")[0] for rule in closed(app)}
    for rule in closed(app):
        folder, _, right = needed(app, rule).partition(".")
        assert right in ("read", "write", "delete", "export", "own")
        assert folder in {*known, "account"}, rule


def test_every_permission_is_asked_for() -> None:
    """A right that no address, panel or command asks for is a promise nobody keeps."""
    files = (path for path in (ROOT / "wesentra").rglob("*.py") if path.name != "permissions.py")
    sources = "".join(path.read_text() for path in files)
    assert [name for name in PERMISSIONS if f'"{name}"' not in sources] == []


@sqlite_only
def test_parameters_have_types(app: Flask) -> None:
    for rule in closed(app):
        for name in rule.arguments:
            converter = rule._converters[name]
            typed = converter.__class__.__name__ != "UnicodeConverter"
            assert typed or name in UNTYPED, f"{rule}: {name} has no type"
            assert not name.endswith("_id") or typed or name in UNTYPED


@sqlite_only
def test_one_function_one_method(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods in ({"GET"}, {"POST"}), rule


@sqlite_only
def test_what_changes_something_is_no_get(app: Flask, database: Database) -> None:
    """Every address that is only looked at leaves the register as it was, but for its own trace."""
    client = factories.signed_in(app, *filter(None, ROLES), name="everybody")
    marked.fill(app, factories.user_id(app, "everybody"))
    before = held(database)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            with client.get(address_of(app, rule)) as answer:
                assert answer.status_code < 500, rule
            assert held(database) == before, rule


def held(database: Database) -> list[str]:
    """Every row of the register, but for the log, the sessions and the counters of both."""
    traces = (
        "log_entry",
        "log_subject",
        "log_head",
        "log_day",
        "log_total",
        "user_session",
        "sqlite_sequence",
    )
    own = tuple(f'INSERT INTO "{table}"' for table in traces)
    with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"))) as connection:
        return [line for line in connection.iterdump() if not line.startswith(own)]


def address_of(app: Flask, rule: Rule) -> str:
    with app.test_request_context("https://localhost/"):
        given = {name: 1 if name.endswith("_id") else "title" for name in rule.arguments}
        return app.url_for(rule.endpoint, **given)


@pytest.mark.parametrize("role", ROLES)
def test_who_is_refused_leaves_no_look_and_sees_nobody(app: Flask, role: str | None) -> None:
    """Every address, by every role that lacks its permission: 403, and an entry of the refusal."""
    with factories.register(app):
        company = factories.company("Yritys000001")
        contact = factories.contact("Etu000001", "Suku000001", company_id=company.id)
        factories.interaction(contact)
        factories.task(contact)
    client = factories.signed_in(app, *([role] if role else []))
    token = re.search(r'name="csrf_token" value="(\w+)"', client.get("/account/keys").text)
    for rule in closed(app):
        if role_for(needed(app, rule), [role] if role else []):
            continue
        address = address_of(app, rule)
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        data = {"csrf_token": token[1] if token else ""}
        answer = client.open(address, method=method, data=data if method == "POST" else None)
        assert answer.status_code == (403 if token or method == "GET" else 400), f"{method} {rule}"
        found = marked.found_in(f"{answer.headers}{answer.text}")
        assert not found.contacts, rule
        assert not found.companies, rule
        entries = factories.entries_of(app, answer)
        assert not {entry.operation for entry in entries} & {*SHOWS, *CHANGES}, rule
        assert [e.operation for e in entries] == (["denied"] if answer.status_code == 403 else [])


@sqlite_only
def test_nobody_is_led_to_the_way_in(app: Flask) -> None:
    client = factories.browser(app)
    for rule in closed(app):
        if "GET" not in (rule.methods or ()):
            continue
        answer = client.get(address_of(app, rule))
        assert answer.status_code == 303, rule
        assert answer.location.startswith("/login"), rule
        assert factories.entries_of(app, answer) == []
