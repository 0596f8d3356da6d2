"""What the migrations make is what the models say, on both databases, both ways, with rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import Connection, create_engine, inspect, text

from tests import factories
from tests.databases import Database
from wesentra.models import db
from wesentra.models.base import Base, prepare_engine, writing
from wesentra.operations import schema


@contextmanager
def owned(database: Database) -> Iterator[Connection]:
    engine = create_engine(database.owner_url)
    prepare_engine(engine)
    token = writing.set(True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        writing.reset(token)
        engine.dispose()


def differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True}
    return list(
        compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    )


def test_the_models_are_what_the_migrations_make(database: Database) -> None:
    with owned(database) as connection:
        assert differences(connection) == []
        assert MigrationContext.configure(connection).get_current_revision() == schema.head()


def test_constraints_have_names(database: Database) -> None:
    """Only what has a name can be changed later, on both databases alike."""
    with owned(database) as connection:
        found = inspect(connection)
        for table in found.get_table_names():
            if table == "alembic_version":
                continue
            assert all(key["name"] for key in found.get_foreign_keys(table)), table
            assert all(key["name"] for key in found.get_unique_constraints(table)), table


def test_down_and_up_again(database: Database) -> None:
    with owned(database) as connection:
        schema.migrate(connection, "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    with owned(database) as connection:
        schema.migrate(connection)
    with owned(database) as connection:
        assert differences(connection) == []


def test_down_with_rows_in_every_table(app: Flask, database: Database) -> None:
    """A register in use goes down as well: no row holds a table back."""
    factories.signed_in(app, "staff")
    with factories.register(app):
        company = factories.company()
        contact = factories.contact(company_id=company.id)
        company.person_id = contact.id
        call = factories.interaction(contact)
        factories.check(contact, interaction_id=call.id)
        factories.change(contact, old="a", new="b")
        factories.task(contact, interaction_id=call.id)
        factories.notice(contact, interaction_id=call.id)
    with app.app_context():
        db.engine.dispose()
    with owned(database) as connection:
        schema.migrate(connection, "base")
    with owned(database) as connection:
        schema.migrate(connection)
        assert connection.execute(text("SELECT count(*) FROM contact")).scalar() == 0
        assert connection.execute(text("SELECT count(*) FROM purpose")).scalar()
