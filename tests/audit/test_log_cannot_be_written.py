"""When the log cannot be written, nobody is shown, nothing is stored, and it is said so."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, select, text
from werkzeug.test import TestResponse

from tests import factories, pages
from tests.audit import marked
from tests.databases import Database, postgresql_only, sqlite_only
from wesentra.audit.engine import only_read
from wesentra.models import Contact, db
from wesentra.models.attribution import seen_by_program

WAYS = ("/contacts/", "/contacts/1", "/contacts/1/edit/title", "/")


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """Somebody who sees one marked contact."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    name = factories.user(app, "staff")
    with factories.register(app):
        factories.contact(
            "Etu000001",
            "Suku000001",
            title="Titteli000001",
            owner_id=factories.db.session.scalar(select(factories.User.id)),
        )
    client = factories.browser(app)
    factories.sign_in(client, name)
    return client


def titles(app: Flask) -> list[str]:
    with factories.register(app):
        query = select(Contact.title).order_by(Contact.id)
        return list(db.session.scalars(query, execution_options=seen_by_program("test")))


def is_unavailable(answer: TestResponse) -> None:
    """503, in a sentence, with nobody in it, not even in a header."""
    assert answer.status_code == 503
    assert "The access log could not be written" in answer.text
    assert "Retry-After" in answer.headers
    assert marked.found_in(f"{answer.headers}{answer.text}").contacts == frozenset()


def refuses(
    app: Flask, staff: FlaskClient, hindered: Callable[[], AbstractContextManager[None]]
) -> None:
    """Under a hindrance every look and every change is a 503; afterwards all is as before."""
    before = len(factories.entries(app))
    form = pages.visit(staff, "/contacts/1/edit/title").form("/contacts/1/edit/title")
    new = pages.visit(staff, "/contacts/new").form("/contacts/new")
    assert len(factories.entries(app)) > before
    with hindered():
        looked = len(factories.entries(app))
        for way in WAYS:
            is_unavailable(staff.get(way))
            is_unavailable(staff.get(way, headers={"HX-Request": "true"}))
        is_unavailable(form.send(value="Etu000002"))
        is_unavailable(new.send(given_name="Etu000002", family_name="Suku000002", source="x"))
    assert len(factories.entries(app)) == looked
    assert titles(app) == ["Titteli000001"]
    assert "Etu000001" in pages.visit(staff, "/contacts/1").text
    assert form.send(value="Titteli000003").status_code == 303
    assert titles(app) == ["Titteli000003"]


# --- SQLite -----------------------------------------------------------------------------------


@contextmanager
def set_on_all_connections(
    app: Flask, change: Callable[[sqlite3.Connection], object]
) -> Iterator[None]:
    """Every connection of the application is made anew and changed; then without."""
    with app.app_context():
        engine = db.engine
    engine.dispose()

    def on(connection: sqlite3.Connection, _record: object) -> None:
        change(connection)

    event.listen(engine, "connect", on)
    try:
        yield
    finally:
        event.remove(engine, "connect", on)
        engine.dispose()


@sqlite_only
def test_a_full_database(app: Flask, staff: FlaskClient) -> None:
    """SQLite may not take another page; what is free in the last ones is filled by looks."""

    @contextmanager
    def full() -> Iterator[None]:
        with set_on_all_connections(app, lambda c: c.execute("PRAGMA max_page_count = 1")):
            for _ in range(200):
                codes = {
                    staff.get(way, headers=headers).status_code
                    for way in WAYS
                    for headers in ({}, {"HX-Request": "true"})
                }
                if codes == {503}:
                    break
            yield

    refuses(app, staff, full)


@sqlite_only
def test_a_database_that_may_only_be_read(app: Flask, staff: FlaskClient) -> None:
    refuses(app, staff, lambda: set_on_all_connections(app, lambda c: only_read(c, True)))


@sqlite_only
def test_a_database_locked_by_another_program(
    app: Flask, staff: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wesentra.models.turns.PATIENCE", 0.05)

    @contextmanager
    def locked() -> Iterator[None]:
        other = sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()

    refuses(app, staff, locked)


# --- PostgreSQL -------------------------------------------------------------------------------


def as_owner(database: Database, *statements: str) -> None:
    engine = create_engine(database.owner_url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@postgresql_only
def test_a_log_that_takes_nothing(app: Flask, staff: FlaskClient, database: Database) -> None:
    """A trigger of the log's table refuses every new row."""

    @contextmanager
    def refusing() -> Iterator[None]:
        as_owner(
            database,
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE 'the log is closed'; END $$",
            "CREATE TRIGGER no BEFORE INSERT ON log_entry EXECUTE FUNCTION no()",
        )
        try:
            yield
        finally:
            as_owner(database, "DROP TRIGGER no ON log_entry", "DROP FUNCTION no()")

    refuses(app, staff, refusing)


@postgresql_only
def test_a_log_that_one_may_not_write(app: Flask, staff: FlaskClient, database: Database) -> None:
    """The application's role loses its right to add to the log."""
    role = database.url.split("//")[1].split(":")[0]

    @contextmanager
    def revoked() -> Iterator[None]:
        as_owner(database, f"REVOKE INSERT ON log_entry FROM {role}")
        try:
            yield
        finally:
            as_owner(database, f"GRANT INSERT ON log_entry TO {role}")

    refuses(app, staff, revoked)


@postgresql_only
def test_an_index_of_people_that_takes_nothing(
    app: Flask, staff: FlaskClient, database: Database
) -> None:
    """Without the way from a person to the entry, the entry is not complete either."""
    role = database.url.split("//")[1].split(":")[0]

    @contextmanager
    def revoked() -> Iterator[None]:
        as_owner(database, f"REVOKE INSERT ON log_subject FROM {role}")
        try:
            yield
        finally:
            as_owner(database, f"GRANT INSERT ON log_subject TO {role}")

    refuses(app, staff, revoked)
