"""What a new schema does to people's rows is the system's deed, and never the next user's."""

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from tests import factories
from wesentra.actor import Acting, acting_as
from wesentra.audit.row_change import RowChange
from wesentra.models.base import db, meant_to_write
from wesentra.operations import schema
from wesentra.settings import Settings


def test_rows_that_a_migration_changed_are_told_by_the_system(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = factories.person(app, "Aino", "Virtanen", email="Aino@Auto.example.fi")
    before = len(factories.entries(app))
    migrate = schema.migrate

    def with_data(connection: Connection) -> None:
        migrate(connection)
        connection.execute(text("UPDATE contact SET email = lower(email)"))

    monkeypatch.setattr(schema, "migrate", with_data)
    schema.upgrade(settings)
    acting = Acting(7, "staff", "sales", "uninvolved")
    with app.app_context(), acting_as(acting), meant_to_write():
        acting.deed("account", "user", [7], ["theme"])
        db.session.connection()
        db.session.commit()
        assert db.session.query(RowChange).all() == []
        db.session.remove()
    told = [
        (entry.row.role, entry.row.actor_id, entry.operation, entry.ids, entry.fields)
        for entry in factories.entries(app)[before:]
    ]
    assert told == [
        ("system", None, "update", (person,), ("consequence",)),
        ("staff", 7, "account", (7,), ("theme",)),
    ]
