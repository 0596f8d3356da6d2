"""The engine's own net: what comes past the session is refused by the database, or told after all.

What is not caught stands in the README: another program that opens the file reads without a trace.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import delete, func, inspect, make_url, select, text, update
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from tests import factories
from tests.audit.looking import Held, do, hold, told
from tests.databases import Database, postgresql_only, sqlite_only
from wesentra.actor import NobodyActing
from wesentra.audit.passing import Unwatched
from wesentra.audit.row_change import RowChange
from wesentra.models import Company, Contact, Interaction, Task, db
from wesentra.models.attribution import bulk_write, seen_by_program
from wesentra.operations import schema

S = db.session
MAIL = "SELECT email FROM contact"
REFUSED = (Unwatched, NobodyActing, sqlite3.DatabaseError, psycopg.Error, SQLAlchemyError)


@pytest.fixture
def held(app: Flask) -> Held:
    return hold(app)


@contextmanager
def raw() -> Iterator[Any]:
    """A cursor of the driver on a connection of the program's own engine."""
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        yield cursor
        cursor.close()
    finally:
        connection.close()


def read_raw(statement: str) -> list[Any]:
    with raw() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def read_by_engine(statement: str) -> list[Any]:
    with db.engine.connect() as connection:
        return list(connection.execute(text(statement)).all())


def read_by_driver(statement: str) -> list[Any]:
    with db.engine.connect() as connection:
        return list(connection.exec_driver_sql(statement).all())


# --- nobody acts ------------------------------------------------------------------------------

WAYS: dict[str, Callable[[], Any]] = {
    "session": lambda: S.scalars(select(Contact)).all(),
    "session, count": lambda: S.scalar(select(func.count()).select_from(Contact)),
    "engine": lambda: read_by_engine(MAIL),
    "engine, driver SQL": lambda: read_by_driver(MAIL),
    "raw cursor": lambda: read_raw(MAIL),
    "raw count": lambda: read_raw("SELECT count(*) FROM contact"),
    "raw, other case": lambda: read_raw("select EMAIL from CONTACT"),
    "raw, hidden": lambda: read_raw("SELECT 1 WHERE EXISTS (SELECT 1 FROM contact)"),
    "raw update": lambda: read_raw("UPDATE contact SET title = 'x' RETURNING 1"),
    "raw insert": lambda: read_raw("INSERT INTO contact_word SELECT 'x', id, '' FROM contact"),
    "raw delete": lambda: read_raw("DELETE FROM interaction RETURNING summary"),
    "raw children": lambda: read_raw("SELECT summary FROM interaction"),
}


@pytest.mark.parametrize("way", WAYS)
def test_where_nobody_acts_nobody_is_read_or_changed(app: Flask, held: Held, way: str) -> None:
    with app.app_context(), pytest.raises(REFUSED):
        WAYS[way]()
    with app.app_context():
        S.remove()
    with factories.register(app):
        assert S.scalars(
            select(Contact.title), execution_options=seen_by_program("test")
        ).all() == [""]
        assert len(S.scalars(select(Interaction)).all()) == 1


def test_what_was_prepared_while_somebody_acted_is_asked_about_again(
    app: Flask, held: Held
) -> None:
    """Drivers keep prepared statements; a look that was right once must not run for nobody."""
    counting = select(func.count()).select_from(Contact)
    sent = str(counting.compile(dialect=None))
    for _ in range(3):
        do(app, lambda: S.execute(counting).all())
    with app.app_context(), pytest.raises(REFUSED):
        read_raw(sent)


def test_another_process_by_the_programs_own_engine_is_refused(
    app: Flask, held: Held, database: Database, tmp_path: Any
) -> None:
    program = (
        "from wesentra.app import create_app\n"
        "from wesentra.models import db\n"
        "app = create_app()\n"
        "with app.app_context():\n"
        "    connection = db.engine.raw_connection()\n"
        f"    print(connection.cursor().execute({MAIL!r}).fetchall())\n"
    )
    environ = {
        **database.environ(),
        "WESENTRA_INSTANCE": str(tmp_path / "other"),
        "PYTHONPATH": ".",
    }
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environ, check=False
    )
    assert ran.returncode != 0
    assert "aino" not in ran.stdout
    assert "Unwatched" in ran.stderr or "prohibited" in ran.stderr


# --- somebody acts, but the statement says of nobody whom it concerns ---------------------------


@pytest.mark.parametrize("way", [way for way in WAYS if not way.startswith("session")])
def test_past_the_session_nobody_is_read_in_a_context_either(
    app: Flask, held: Held, way: str
) -> None:
    with pytest.raises(REFUSED):
        do(app, WAYS[way])


def test_a_raw_cursor_of_the_sessions_own_connection_is_refused(app: Flask, held: Held) -> None:
    def by_session() -> Any:
        assert S.get(Contact, held.contact) is not None
        return S.connection().connection.cursor().execute(MAIL).fetchall()

    with pytest.raises(REFUSED):
        do(app, by_session)


@sqlite_only
def test_a_view_and_an_attached_file_are_refused(
    app: Flask, held: Held, database: Database, tmp_path: Any
) -> None:
    path = str(make_url(database.owner_url).database)
    with sqlite3.connect(path) as other:
        other.execute("CREATE VIEW people AS SELECT * FROM contact")
    ways = ("SELECT email FROM people", f"ATTACH '{path}' AS other", f"ATTACH '{tmp_path}/n' AS n")
    for statement in ways:
        for read in (read_raw, read_by_engine):
            with pytest.raises(REFUSED):
                do(app, lambda read=read, statement=statement: read(statement))


def test_the_register_has_no_views(app: Flask) -> None:
    """On PostgreSQL a view of people would be read by its name alone inside a context."""
    with app.app_context():
        assert inspect(db.engine).get_view_names() == []


@postgresql_only
def test_the_applications_role_alone_reads_and_changes_nobody(
    app: Flask, held: Held, database: Database
) -> None:
    """Another program with the application's password, without the setting of an act."""
    address = database.url.replace("postgresql+psycopg", "postgresql")
    statements = (
        "SELECT email FROM contact",
        "SELECT count(*) FROM contact",
        "SELECT EXISTS (SELECT 1 FROM contact)",
        "UPDATE contact SET title = 'x'",
        "DELETE FROM interaction",
        "INSERT INTO task SELECT * FROM task",
    )
    for statement in statements:
        with pytest.raises(psycopg.Error) as error, psycopg.connect(address) as connection:
            connection.execute(statement)
        assert "nobody is acting" in str(error.value), statement
    copies = ("COPY contact TO STDOUT", "COPY (SELECT email FROM contact) TO STDOUT")
    for statement in copies:
        with psycopg.connect(address) as connection:
            with pytest.raises(psycopg.Error), connection.cursor().copy(statement) as rows:
                assert list(rows) == []
            connection.rollback()


@postgresql_only
def test_an_act_ends_with_its_transaction(app: Flask, held: Held) -> None:
    with factories.register(app):
        S.scalars(select(Contact)).all()
    with app.app_context(), db.engine.connect() as connection:
        said = connection.execute(text("SELECT current_setting('wesentra.audit', true)")).scalar()
        assert not said


@sqlite_only
def test_another_program_cannot_change_people_unnoticed(
    app: Flask, held: Held, database: Database
) -> None:
    """A tripwire: its triggers ask for a function that only the program has."""
    with sqlite3.connect(str(make_url(database.url).database)) as other:
        for statement in (
            "UPDATE contact SET title = 'x'",
            "DELETE FROM task",
            "INSERT INTO interaction SELECT * FROM interaction",
        ):
            with pytest.raises(sqlite3.OperationalError, match="wesentra_audited"):
                other.execute(statement)


# --- what the database does by itself is told ----------------------------------------------------


def test_what_follows_from_a_foreign_key_is_told(app: Flask, held: Held) -> None:
    """A company goes by a bulk statement; its people lose it without any statement naming them."""
    gone = bulk_write("delete", "company", [held.company], [])
    removal = delete(Company).where(Company.id == held.company)
    entries = do(app, lambda: S.execute(removal, execution_options=gone))
    assert sorted(told(entries)) == [
        ("delete", "company", (held.company,)),
        ("update", "contact", (held.contact,)),
    ]
    assert [entry.fields for entry in entries if entry.operation == "update"] == [("consequence",)]


def test_a_bulk_statement_that_reaches_more_people_than_it_names_is_told_whole(
    app: Flask, held: Held
) -> None:
    made: list[int] = []
    do(app, lambda: made.extend(factories.contact("Timo", f"Salo{n}").id for n in range(3)))
    named = bulk_write("update", "contact", [held.contact], ["title"])
    everybody = update(Contact).values(title="x")
    found = do(app, lambda: S.execute(everybody, execution_options=named))
    assert factories.subjects(found, "contact", "update") == {held.contact, *made}


def test_what_a_bulk_delete_takes_along_is_told_of_its_person(app: Flask, held: Held) -> None:
    """The call goes with what hangs on it; the entry of the person says so."""
    calls = delete(Interaction)
    silent = seen_by_program("test")
    (entry,) = [
        one
        for one in do(app, lambda: S.execute(calls, execution_options=silent))
        if one.operation == "update"
    ]
    assert entry[:3] == ("update", "contact", (held.contact,))
    assert "interaction.deleted" in entry.fields


def test_a_deleted_person_is_one_entry_however_much_goes_along(app: Flask, held: Held) -> None:
    entries = do(app, lambda: S.delete(S.get(Contact, held.contact)))
    assert told(entries) == [("delete", "contact", (held.contact,))]


def test_what_is_rolled_back_was_not_counted(app: Flask, held: Held) -> None:
    def in_vain() -> None:
        with S.begin_nested() as savepoint:
            S.execute(delete(Task), execution_options=seen_by_program("test"))
            savepoint.rollback()

    assert [entry for entry in do(app, in_vain) if entry.operation == "update"] == []


def test_no_count_outlives_its_transaction(app: Flask, held: Held) -> None:
    with factories.register(app):
        factories.task(S.get(Contact, held.contact))
        S.commit()
        assert S.scalars(select(RowChange)).all() == []


def test_the_triggers_come_back_with_the_next_start(
    app: Flask, held: Held, database: Database
) -> None:
    """Whoever takes the database's watch away has to do so again after every start."""
    gone = "row_is_counted"
    place = " ON contact" if database.kind == "postgresql" else ""
    name = f"contact_{gone}" + ("" if place else "_update")
    with schema.opened(database.owner_url) as connection:
        connection.exec_driver_sql(f"DROP TRIGGER {name}{place}")
    with schema.opened(database.owner_url) as connection:
        schema.migrate(connection)
    named = bulk_write("update", "company", [held.company], [])
    statement = update(Contact).values(title="x")
    found = do(app, lambda: S.execute(statement, execution_options=named))
    assert factories.subjects(found, "contact", "update") == {held.contact}


def test_a_failed_statement_leaves_the_net_closed(app: Flask, held: Held) -> None:
    def fails() -> None:
        with pytest.raises(DatabaseError):
            S.execute(
                update(Contact).values(group=None),
                execution_options=bulk_write("update", "contact", [], []),
            )
        S.rollback()
        read_raw(MAIL)

    with pytest.raises(REFUSED):
        do(app, fails)
