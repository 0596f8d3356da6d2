"""A month is read at length, and nobody waits for that."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.compliance import reviewing
from tests.compliance.reviewing import AFTER, NOON, at
from tests.databases import Database, sqlite_only
from wesentra.compliance.log_review import context


@sqlite_only
def test_others_write_while_a_month_is_read(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, wrote = context.gathered, []

    def gathered(*given: Any) -> Any:
        file = database.url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as second:
            second.execute("BEGIN IMMEDIATE")
            wrote.append(second.execute("ROLLBACK"))
        return real(*given)

    monkeypatch.setattr(context, "gathered", gathered)
    client = reviewing.colleague(app, "bertta", "staff")
    with at(NOON):
        number = factories.person(app)
    reviewing.opened(client, number)
    with at(AFTER):
        reviewing.drawn(factories.signed_in(app, "privacy"))
    assert wrote
