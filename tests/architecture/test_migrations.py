"""What the migrations make is what the models say, on both databases, both ways, with rows."""

from contextlib import AbstractContextManager
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import Column, Connection, String, inspect, text

from tests import factories
from tests.databases import Database, sqlite_only
from wesentra import clock
from wesentra.accounts import actions, links
from wesentra.models import (
    Authenticator,
    Departure,
    InteractionMonth,
    Passkey,
    RecoveryCode,
    RequiredFactor,
    Rescue,
    RetentionHold,
    RetentionRun,
    RoleRequest,
    SignInAttempt,
    SignOnLink,
    Suppression,
    Tombstone,
    db,
)
from wesentra.models.base import Base
from wesentra.operations import schema
from wesentra.refusal import Refused


def owned(database: Database) -> AbstractContextManager[Connection]:
    return schema.opened(database.owner_url)


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


@sqlite_only
def test_a_table_made_anew_keeps_the_rows_of_others(app: Flask, database: Database) -> None:
    """SQLite changes a table by copying and dropping it; what belongs to its rows stays."""
    with factories.register(app):
        factories.interaction(factories.contact())
    with app.app_context():
        db.engine.dispose()
    with owned(database) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("contact", recreate="always") as batch:
            batch.add_column(Column("nickname", String(10)))
    with owned(database) as connection:
        assert connection.execute(text("SELECT count(*) FROM interaction")).scalar() == 1


@sqlite_only
def test_a_migration_that_leaves_orphans_is_taken_back(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clumsy(config: Config, _revision: str) -> None:
        config.attributes["connection"].execute(text("DELETE FROM contact"))

    def migrate() -> None:
        with owned(database) as connection:
            connection.execute(text("DELETE FROM alembic_version"))
            schema.migrate(connection)

    monkeypatch.setattr("alembic.command.upgrade", clumsy)
    with factories.register(app):
        factories.interaction(factories.contact())
    with app.app_context():
        db.engine.dispose()
    with pytest.raises(Refused, match="interaction"):
        migrate()
    with owned(database) as connection:
        assert connection.execute(text("SELECT count(*) FROM contact")).scalar() == 1


def _ways_in(user_id: int) -> list[Any]:
    """What is kept of how somebody comes in."""
    now, owner = clock.now(), {"user_id": user_id}
    key = {"name": "laptop", "credential_id": "AA", "public_key": b"x", "sign_count": 0}
    return [
        Authenticator(**owner, sealed="x", last_step=1, begun_at=now, confirmed_at=now),
        RecoveryCode(**owner, code_hash="x"),
        Passkey(**owner, **key, made_at=now),
        RequiredFactor(role="staff", since=now),
        SignInAttempt(lane="x", source="192.0.2.1", at=now),
        Rescue(**owner, way="link", opened_by=user_id, opened_at=now),
    ]


def _kept(contact_id: int, user_id: int) -> list[Any]:
    """What keeps somebody, and what the nights leave behind; dates come by themselves."""
    today, now = clock.today(), clock.now()
    hold = RetentionHold(contact_id=contact_id, kind="claim", reason="x", review_on=today)
    hold.placed_at, hold.placed_by = now, user_id
    month = InteractionMonth(month=today, channel="call", direction="in", purpose="x", number=1)
    run = RetentionRun(day=today, state="done", begun_at=now, rules=[], counts={})
    return [hold, month, run]


def _on_the_way_out(user_id: int) -> None:
    """Somebody waits, somebody was erased, and somebody's objection outlived them."""
    now = clock.now()
    waits = {"kind": "contact", "number": 1, "since": now, "until": now, "sent_by": user_id}
    gone = {"kind": "contact", "number": 2, "rows": 1, "tables": 1, "rule": "", "erasure": "x"}
    gone |= {"reason": "request", "erased_at": now, "erased_by": user_id}
    kept = Suppression(digest="x", since=now)
    db.session.add_all([Departure(**waits), Tombstone(**gone), kept])


def test_down_with_rows_in_every_table(app: Flask, database: Database) -> None:
    """A register in use goes down as well: no row holds a table back."""
    factories.signed_in(app, "staff", name="aino")
    with factories.register(app):
        aino = actions.named("aino")
        links.store(aino, "secret")
        known = {"issuer": "https://sso.example", "subject": "1", "made_at": clock.now()}
        db.session.add(SignOnLink(user_id=aino.id, used_at=clock.now(), **known))
        asked = RoleRequest(user_id=aino.id, role="admin", reason="why", asked_at=clock.now())
        asked.asked_by = aino.id
        db.session.add(asked)
        actions.revoke(aino, factories.Role.STAFF, "why")
        db.session.add_all(_ways_in(aino.id))
        company = factories.company()
        contact = factories.contact(company_id=company.id)
        company.person_id = contact.id
        call = factories.interaction(contact)
        factories.check(contact, interaction_id=call.id)
        factories.change(contact, old="a", new="b")
        factories.task(contact, interaction_id=call.id)
        factories.notice(contact, interaction_id=call.id)
        db.session.add_all(_kept(contact.id, aino.id))
        _on_the_way_out(aino.id)
    with app.app_context():
        db.engine.dispose()
    with owned(database) as connection:
        schema.migrate(connection, "base")
    with owned(database) as connection:
        schema.migrate(connection)
        assert connection.execute(text("SELECT count(*) FROM contact")).scalar() == 0
        assert connection.execute(text("SELECT count(*) FROM purpose")).scalar()
