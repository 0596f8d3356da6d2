"""The limit: the same pages with Flask, sqlite3 and small templates, and nothing else.

No accounts, no log, no ORM, no languages. What the register costs is measured against this.
"""

import sqlite3
import threading
from pathlib import Path
from typing import Any

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from wesentra.audit.passing import AUDITED
from wesentra.models.base import PRAGMAS

HEAD = "<!doctype html><html lang=fi><title>Bare</title><body>"
LIST = (
    HEAD
    + """<table>{% for c in contacts %}<tr>
<th><a href="/contacts/{{ c.id }}">{{ c.given_name }} {{ c.family_name }}</a> {{ c.title }}</th>
<td><a href="/companies/{{ c.company_id }}">{{ c.company }}</a> {{ c.group }}</td>
<td><a href="tel:{{ c.phone }}">{{ c.phone }}</a></td>
<td><a href="mailto:{{ c.email }}">{{ c.email }}</a></td><td>{{ c.checked_at }}</td>
</tr>{% endfor %}</table>"""
)
ONE = (
    HEAD
    + """<h1>{{ c.given_name }} {{ c.family_name }}</h1><dl>
{% for name in c.keys() %}<dt>{{ name }}<dd>{{ c[name] }}{% endfor %}</dl>
<ul>{% for one in checks %}<li>{{ one.field }} {{ one.outcome }} {{ one.at }}{% endfor %}</ul>
<ol>{% for one in talks %}<li>{{ one.at }} {{ one.channel }} {{ one.summary }}{% endfor %}</ol>"""
)
ROWS = (
    'select c.id, given_name, family_name, title, phone, email, c."group", company_id,'
    " checked_at, company.name as company from contact c left join company"
    " on company.id = c.company_id where c.pending_import_id is null "
)
CONTACT = (
    "select c.*, company.name as company, user_account.full_name as owner from contact c"
    " left join company on company.id = c.company_id"
    " left join user_account on user_account.id = c.owner_id where c.id = ?"
)
CHECKS = "select field, outcome, at from field_check where contact_id = ? order by at"
TALKS = (
    "select at, channel, summary from interaction where contact_id = ? order by at desc limit 10"
)
FOUND = (
    "and c.id in (select contact_id from contact_word where word >= ? and word < ?)"
    " order by c.sort_key, c.id limit 50"
)


class Database:
    """The register's own SQLite file with the register's pragmas, a connection a thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.own = threading.local()

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Run one statement; a change commits by itself."""
        if not hasattr(self.own, "connection"):
            self.own.connection = sqlite3.connect(self.path, isolation_level=None)
            self.own.connection.row_factory = sqlite3.Row
            self.own.connection.create_function(AUDITED, 0, lambda: 1)  # the triggers ask
            for pragma in PRAGMAS:
                self.own.connection.execute(f"PRAGMA {pragma}")
        found: list[sqlite3.Row] = self.own.connection.execute(sql, values).fetchall()
        return found


def create(path: Path) -> Flask:
    """The bare application."""
    app = Flask("bare")
    rows = Database(path).rows
    listing, page = app.jinja_env.from_string(LIST), app.jinja_env.from_string(ONE)

    @app.get("/contacts/")
    def listed() -> str:
        after = request.args.get("after", 0, type=int)
        key = rows("select sort_key from contact where id = ?", after)[0][0]
        wanted = "and (c.sort_key, c.id) > (?, ?) order by c.sort_key, c.id limit 50"
        return listing.render(contacts=rows(ROWS + wanted, key, after))

    @app.get("/search/")
    def found() -> str:
        query = request.args.get("q", "").lower()
        return listing.render(contacts=rows(ROWS + FOUND, query, query + "\U0010ffff"))

    @app.get("/contacts/<int:contact_id>")
    def one(contact_id: int) -> str:
        contact = rows(CONTACT, contact_id)[0]
        checks, talks = rows(CHECKS, contact_id), rows(TALKS, contact_id)
        return page.render(c=contact, checks=checks, talks=talks)

    @app.post("/contacts/<int:contact_id>/edit/phone")
    def save(contact_id: int) -> ResponseReturnValue:
        rows("begin immediate")
        rows("update contact set phone = ? where id = ?", request.form["value"], contact_id)
        rows("delete from row_change")
        rows("commit")
        return redirect(f"/contacts/{contact_id}", 303)

    return app
