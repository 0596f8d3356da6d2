"""`wesentra shell`: whoever is looked at in it stands in the log before anything is seen."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, select, text

from tests import factories
from tests.architecture.test_house_rules import ROOT
from tests.databases import Database
from tests.servers import clean_environ
from wesentra.models import RoleGrant, db
from wesentra.settings import Settings

Run = Callable[..., Result]
ASK = "people = session.scalars(select(Contact)).all()\n"


@pytest.fixture
def typed(run: Run, app: Flask) -> Callable[..., Result]:
    """Types lines into a shell of the privacy contact."""
    factories.user(app, "privacy", name="minna")
    return lambda text, purpose="data_check": run(
        "shell", "--as", "minna", "--purpose", purpose, typed=text
    )


def last_request(app: Flask) -> list[factories.Entry]:
    """What the last shell did: everything since it was opened."""
    entries = factories.entries(app)
    opened = max(n for n, entry in enumerate(entries) if entry.operation == "shell")
    return entries[opened:]


def test_a_look_is_logged_with_its_purpose(typed: Callable[..., Result], app: Flask) -> None:
    person = factories.person(app, "Aino", "Virtanen", email="aino@auto.example.fi")
    result = typed(ASK + "print(people[0].email)\n")
    assert "aino@auto.example.fi" in result.output
    entries = last_request(app)
    assert [entry.operation for entry in entries] == ["shell", "export"]
    assert entries[1].ids == (person,)
    assert "email" in entries[1].fields


def test_the_entry_is_written_before_anything_is_given_out(
    typed: Callable[..., Result], app: Flask, database: Database
) -> None:
    """With a log that takes nothing more, the shell learns nothing."""
    factories.person(app, "Aino", "Virtanen", email="aino@auto.example.fi")
    made = {
        "sqlite": "CREATE TRIGGER full BEFORE INSERT ON log_subject "
        "BEGIN SELECT RAISE(ABORT, 'full'); END",
        "postgresql": "ALTER TABLE log_subject ADD CONSTRAINT full_ CHECK (false) NOT VALID",
    }
    engine = create_engine(database.owner_url)
    with engine.begin() as connection:
        connection.execute(text(made[database.kind]))
    engine.dispose()
    result = typed(
        "try:\n    " + ASK + "    print(people[0].email)\nexcept Exception: print('nothing')\n\n"
    )
    assert "nothing" in result.output
    assert "aino" not in result.output


def test_lazy_and_refreshed_looks_are_logged_too(typed: Callable[..., Result], app: Flask) -> None:
    with factories.register(app):
        company = factories.company("Auto Oy")
        factories.contact(company_id=company.id)
        number = company.id
    result = typed(
        "from sqlalchemy.orm import lazyload\n"
        "one = session.scalars(select(Contact).options(lazyload(Contact.company))).one()\n"
        "print(one.company.name)\n"
    )
    assert "Auto Oy" in result.output
    assert factories.subjects(last_request(app), "company", "export") == {number}


def test_nothing_can_be_changed(typed: Callable[..., Result], app: Flask) -> None:
    factories.person(app, "Aino", "Virtanen", title="Boss")
    lines = (
        "people[0].title = 'Changed'",
        "session.flush()",
        "from sqlalchemy import text",
        "session.execute(text('delete from role_grant'))",
        "session.execute(text('update log_head set last = 1000'))",
        "print('end of', 'it')",
    )
    result = typed(ASK + "\n".join(lines) + "\n")
    assert "end of it" in result.output
    again = typed(ASK + "print(people[0].title)\n")
    assert "Boss" in again.output
    assert "Changed" not in again.output
    assert factories.entries(app)[-1].operation == "export"


def test_what_says_of_nobody_whom_it_shows_is_refused(
    typed: Callable[..., Result], app: Flask
) -> None:
    factories.person(app, "Aino", "Virtanen", email="aino@auto.example.fi")
    result = typed(
        "session.execute(select(Contact.email)).all()\n"
        "session.connection().exec_driver_sql('select email from contact').all()\n"
        "session.connection().connection.cursor().execute('select email from contact').fetchall()\n"
    )
    assert "aino@auto" not in result.output


LIES = (
    "from wesentra.models.attribution import seen_by_program, shown_as, bulk_write",
    "from sqlalchemy import literal",
    "def ask(how, *more): return session.execute(select(Contact.email, *more),"
    " execution_options=how).all()",
    "",
    "print(ask(seen_by_program('x')))",
    "print(ask(shown_as('contact', 'id'), literal(None).label('id')))",
    "print(ask(bulk_write('update', 'company', [1], ['name'])))",
    "print('end of', 'it')",
)


def test_nobody_is_shown_on_the_word_of_whoever_types(
    typed: Callable[..., Result], app: Flask
) -> None:
    factories.person(app, "Aino", "Virtanen", email="aino@auto.example.fi")
    result = typed("\n".join(LIES) + "\n")
    assert "end of it" in result.output
    assert "aino@auto" not in result.output
    unknown = typed("print(seen_by_program('x'))\nprint(shown_as('contact', 'id'))\n")
    assert "('program', 'x')" not in unknown.output
    assert "NameError" in unknown.output


def test_who_was_printed_stands_in_the_log_though_the_shell_died_at_once(
    app: Flask, database: Database, settings: Settings
) -> None:
    factories.user(app, "privacy", name="minna")
    person = factories.person(app, "Aino", "Virtanen", email="aino@auto.example.fi")
    words = ("--instance", str(settings.instance), "shell", "--as", "minna", "--purpose", "sales")
    died = subprocess.run(
        [sys.executable, "-m", "wesentra", *words],
        input="import os; print(session.scalars(select(Contact)).one().email, "
        "flush=True); os._exit(7)\n",
        env=clean_environ() | database.environ(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (died.returncode, "aino@auto.example.fi" in died.stdout) == (7, True), died.stderr
    assert [entry.ids for entry in last_request(app)] == [(), (person,)]


def test_what_is_noted_beside_a_read_becomes_an_entry(
    typed: Callable[..., Result], app: Flask
) -> None:
    """The session only reads; the entries are written beside it."""
    typed(
        "from wesentra.actor import current\n"
        "print(len(session.scalars(select(User)).all())); current().event('sign_out')\n"
        "current().notes.clear()\n"
    )
    assert [entry.operation for entry in last_request(app)] == ["shell", "sign_out"]


def test_nothing_can_be_changed_past_the_session_either(
    typed: Callable[..., Result], app: Flask
) -> None:
    factories.user(app, "staff", name="sami")
    result = typed(
        "from wesentra.models import db\n"
        "from sqlalchemy import text\n"
        "connection = db.engine.connect()\n"
        "connection.execute(text('delete from role_grant'))\n"
        "connection.commit()\n"
        "connection.close()\n"
        "print('end of', 'it')\n"
    )
    assert "end of it" in result.output
    with app.app_context():
        assert len(db.session.scalars(select(RoleGrant.id)).all()) == 2
        db.session.remove()


def test_no_connection_of_the_shell_changes_anything(
    typed: Callable[..., Result], app: Flask
) -> None:
    """Not the engine's, not a raw one's, and nothing typed lets them."""
    lines = (
        "from sqlalchemy import text",
        "more = 'insert into role_grant (user_id, role, valid_from) '",
        "more += \"values (1, 'admin', '2020-01-01')\"",
        "engine = session.get_bind()",
        "with engine.begin() as c: c.execute(text(more))",
        "",
        "free = engine.execution_options(isolation_level='AUTOCOMMIT')",
        "with free.connect() as c: c.execute(text(more))",
        "",
        "raw = engine.raw_connection()",
        "raw.execute('PRAGMA query_only=0')",
        "raw.rollback()",
        "raw.execute('SET TRANSACTION READ WRITE')",
        "raw.rollback()",
        "raw.execute('SET default_transaction_read_only = off')",
        "raw.execute(more)",
        "raw.commit()",
        "raw.close()",
        "print(session.execute(text('select role from role_grant')).all(), 'end')",
    )
    result = typed("\n".join(lines) + "\n")
    assert "[('privacy',)] end" in result.output


def test_errors_of_the_database_are_kinds_without_words(
    typed: Callable[..., Result], app: Flask
) -> None:
    """PostgreSQL quotes the value that it cannot read, of which nothing is logged yet."""
    factories.person(app, "Aino", "Virtanen", email="aino@auto.example.fi")
    result = typed(
        "from sqlalchemy import cast, Integer, text\n"
        "asked = select(Contact).where(cast(Contact.email, Integer) > 0)\n"
        "try: print(session.scalars(asked).all())\n"
        "except Exception as error: print(error, error.__cause__)\n\n"
        "session.scalars(asked).all()\n"
        "session.execute(text('select nothing from nowhere'))\n"
    )
    assert "aino@auto" not in result.output
    assert "UndefinedTable" in result.output or "SQLITE_ERROR" in result.output


def test_only_who_may_export_opens_one(run: Run, app: Flask) -> None:
    factories.user(app, "staff", "admin", "auditor", name="sami")
    assert run("shell", typed="print(1)\n").exit_code == 1
    refused = run("shell", "--as", "sami", "--purpose", "sales", typed="print(41 + 1)\n")
    assert refused.exit_code == 1
    assert "42" not in refused.output
    assert factories.entries(app)[-1].operation == "denied"


def test_a_purpose_has_to_be_said(run: Run, app: Flask) -> None:
    factories.user(app, "privacy", name="minna")
    refused = run("shell", "--as", "minna", typed="print(41 + 1)\n")
    assert refused.exit_code == 1
    assert "--purpose" in refused.output
