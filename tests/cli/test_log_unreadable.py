"""What was never written stands in the log: a fault with a sentence, stored like any other."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, text

from tests.audit.test_forgery import forge, look
from tests.audit.test_pruning import keeping
from tests.databases import Database, postgresql_only, sqlite_only
from wesentra.audit import evidence, redacting, results
from wesentra.audit.verification import Fault
from wesentra.models.base import db
from wesentra.operations import jobs
from wesentra.settings import Settings

Run = Callable[..., Result]
SENTENCE = "The log cannot be read: something stands there that was never written."


@pytest.fixture
def looked(app: Flask) -> Flask:
    """Looks, one of them redacted."""
    for number in range(1, 8):
        look(app, number)
    with keeping(app):
        redacting.redact(4, "mistake")
    return app


def stored(database: Database) -> list[tuple[object, ...]]:
    engine = create_engine(database.owner_url)
    with engine.connect() as connection:
        rows = connection.execute(text("select fault, made_by from log_verification")).all()
    engine.dispose()
    return [tuple(row) for row in rows]


@sqlite_only
@pytest.mark.parametrize(
    "statement",
    [
        "update log_checkpoint set at = 'x'",
        "update log_checkpoint set at = 5",
        "update log_checkpoint set last = 'x'",
        "update log_day set role = cast(x'ff' as text)",
        "update log_day set day = 'x'",
    ],
)
def test_junk_is_a_fault_with_a_sentence(
    looked: Flask, run: Run, database: Database, settings: Settings, statement: str
) -> None:
    """Only SQLite keeps a value of another type than the column's."""
    forge(database, statement)
    result = run("log", "verify")
    assert (result.exit_code, result.stderr) == (1, f"wesentra: {SENTENCE}\n")
    assert stored(database) == [("unreadable", "hand")]
    with looked.app_context():
        said = [str(one.refused) for one in jobs.run_due(settings) if one.refused]
        standing = results.standing()
        db.session.remove()
    assert SENTENCE in said
    assert standing is not None
    assert standing.finding is not None


def test_a_log_without_its_end_is_a_fault(
    looked: Flask, database: Database, settings: Settings
) -> None:
    forge(database, "delete from log_head")
    with looked.app_context():
        found = evidence.examined(db.engine, settings, "hand").finding
    assert found is not None
    assert found.fault == Fault.UNREADABLE
    assert stored(database) == [("unreadable", "hand")]


@sqlite_only
def test_a_log_without_its_end_is_said_though_no_entry_can_be_written(
    looked: Flask, run: Run, database: Database
) -> None:
    forge(database, "delete from log_head")
    result = run("log", "verify")
    assert (result.exit_code, result.stderr) == (1, f"wesentra: {SENTENCE}\n")


@postgresql_only
def test_a_moment_that_never_comes_is_a_fault(
    looked: Flask, database: Database, settings: Settings
) -> None:
    forge(database, "update log_checkpoint set at = 'infinity'")
    with looked.app_context():
        found = evidence.examined(db.engine, settings, "hand").finding
    assert found is not None
    assert found.fault == Fault.UNREADABLE
