"""What the server writes about itself: never a person's value, also when something breaks."""

import logging

import pytest
from flask import Flask
from sqlalchemy.exc import (
    IntegrityError,
    InvalidRequestError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tests import factories
from tests.databases import sqlite_only
from wesentra.app import create_app
from wesentra.crm.contacts import queries
from wesentra.models.base import db
from wesentra.settings import Settings

SECRET = "Salainen-Sukunimi"


@sqlite_only
def test_an_error_that_quotes_a_value_leaves_only_its_kind_in_the_servers_log(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    contact_id = factories.person(app, "Aino", SECRET)
    client = factories.signed_in(app, "staff")
    app.testing = False

    def broken(_contact_id: int) -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"cannot understand {SECRET}") from error

    monkeypatch.setattr(queries, "last_checks", broken)
    with caplog.at_level(logging.DEBUG):
        answer = client.get(f"/contacts/{contact_id}")
    assert answer.status_code == 500
    assert "ValueError" in caplog.text
    assert "caused by KeyError" in caplog.text
    assert answer.headers["X-Request-ID"] in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in answer.text
    assert factories.entries_of(app, answer) == []


@sqlite_only
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidRequestError(SECRET), 500),
        (IntegrityError(SECRET, {}, ValueError("UNIQUE constraint failed")), 409),
        (OperationalError(SECRET, {}, ValueError("no such column")), 503),
        (PoolTimeout(SECRET), 503),
    ],
    ids=lambda given: type(given).__name__,
)
def test_an_error_of_the_program_is_not_told_as_one_of_the_log(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: SQLAlchemyError,
    code: int,
) -> None:
    contact_id = factories.person(app, "Aino", SECRET)
    client = factories.signed_in(app, "staff")
    app.testing = False

    def broken(_contact_id: int) -> None:
        raise error

    monkeypatch.setattr(queries, "last_checks", broken)
    answer = client.get(f"/contacts/{contact_id}")
    assert answer.status_code == code
    assert ("access log could not be written" in answer.text) is (code == 503)
    told = code != 409
    assert (type(error).__name__ in caplog.text) is told
    assert ("in last_checks" in caplog.text or "in broken" in caplog.text) is told
    assert SECRET not in f"{caplog.text}{answer.text}"


@sqlite_only
@pytest.mark.parametrize("name", ["FLASK_DEBUG", "DEBUG", "FLASK_ENV"])
def test_nothing_in_the_environment_turns_debugging_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """It would let errors pass with their words: to the server's log, and without our headers."""
    monkeypatch.setenv(name, "development" if name == "FLASK_ENV" else "1")
    app = create_app(settings)
    contact_id = factories.person(app, "Aino", SECRET)
    client = factories.signed_in(app, "staff")

    def broken(_contact_id: int) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(queries, "last_checks", broken)
    answer = client.get(f"/contacts/{contact_id}")
    assert answer.status_code == 500
    assert "Content-Security-Policy" in answer.headers
    assert SECRET not in f"{caplog.text}{answer.text}"
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
