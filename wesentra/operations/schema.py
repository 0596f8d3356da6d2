"""The schema of the database: brought up to date before anybody is served."""

from importlib.resources import files
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, text

from wesentra.models.base import prepare_engine, writing
from wesentra.settings import Settings

START_LOCK = 7300251
"""The advisory lock by which several servers agree who migrates."""


def _config(connection: Connection | None = None, **attributes: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("wesentra.migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes, connection=connection)
    return config


def head() -> str:
    """The revision that this version of the program needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the schema behind `connection` up (or, with a lower revision, down)."""
    config = _config(connection)
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if revision == "head" and current == script.get_current_head():
        return
    known = [step.revision for step in script.walk_revisions()]
    goes_down = revision != "head" and (revision == "base" or current in known) and current
    if goes_down and (revision == "base" or known.index(revision) > known.index(str(current))):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def upgrade(settings: Settings) -> None:
    """Bring the database of `settings` up to date; the owner's address is used if there is one.

    The application's own role then gets what it needs and no more: on the log only adding and
    reading.
    """
    url = make_url(settings.database_owner_url or settings.database_url)
    engine = create_engine(url)
    prepare_engine(engine)
    token = writing.set(True)
    try:
        with engine.begin() as connection:
            if url.get_backend_name() == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({START_LOCK})"))
            migrate(connection)
            app_role = make_url(settings.database_url).username
            if settings.database_owner_url and app_role and app_role != url.username:
                _grant(connection, app_role)
    finally:
        writing.reset(token)
        engine.dispose()


def _grant(connection: Connection, role: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote(role)
    for statement in (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "REVOKE UPDATE, DELETE ON log_entry, log_subject FROM {role}",
    ):
        connection.execute(text(statement.format(role=quoted)))
