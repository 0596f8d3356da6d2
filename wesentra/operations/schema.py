"""The schema of the database: brought up to date before anybody is served."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from wesentra import unfinished
from wesentra.actor import Acting, acting_as, current
from wesentra.audit import arming, keys, row_change, writer
from wesentra.audit.engine import watch
from wesentra.audit.entry import Operation
from wesentra.audit.passing import vouched
from wesentra.instance import keep_private
from wesentra.models.base import meant_to_write, prepare_engine
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

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
    return _revisions()[0]


def _revisions() -> list[str]:
    """Every revision that this version of the program knows, the newest first."""
    return [step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()]


def _system() -> Acting:
    """Whoever starts the program changes its schema, as the system."""
    return Acting(None, "system", "maintenance", str(uuid.uuid4()), channel="job")


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the schema behind `connection` (of `opened`) up or, with a lower revision, down.

    Raises Refused for a schema that this version does not know, and when rows would be left
    without what they belong to.
    """
    config, known, current = _config(connection), _revisions(), _current(connection)
    if current is not None and current not in known:
        raise _newer()
    if revision == "head" and current == known[0]:
        arming.arm(connection, anew=False)
        return
    goes_down = revision != "head" and current is not None
    if goes_down and (revision == "base" or known.index(revision) > known.index(str(current))):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
        if _current(connection) == known[0]:
            arming.arm(connection, anew=True)
    _demand_whole(connection)


def _demand_whole(connection: Connection) -> None:
    """Every row has what it belongs to; PostgreSQL sees to that by itself."""
    if connection.dialect.name != "sqlite":
        return
    broken = {str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    if broken:
        raise Refused(
            mark(
                "The schema stays as it is: after the change, rows of %(tables)s would be left "
                "without what they belong to."
            ),
            tables=", ".join(sorted(broken)),
        )


@contextmanager
def opened(address: str, *, to_write: bool = True) -> Iterator[Connection]:
    """A connection for migrations, in a transaction that is committed at the end.

    SQLite makes a table anew and drops the old one: foreign keys are not enforced meanwhile (they
    cannot be switched inside a transaction), or rows of other tables would go with it. On
    PostgreSQL one server migrates at a time. The system does what is done, and shows nobody.
    """
    engine = _engine(address)
    try:
        with (
            meant_to_write(to_write),
            acting_as(_system()),
            vouched(),
            engine.connect() as connection,
        ):
            if to_write and engine.dialect.name == "sqlite":
                connection.connection.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                if to_write and engine.dialect.name == "postgresql":
                    connection.execute(text("SET LOCAL lock_timeout = 0"))  # migrations take long
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({START_LOCK})"))
                yield connection
    finally:
        engine.dispose()


def _engine(address: str) -> Engine:
    url = make_url(address)
    if url.get_backend_name() == "sqlite" and not str(url.database).startswith("file:"):
        keep_private(Path(str(url.database)))
    engine = create_engine(url, hide_parameters=True)
    prepare_engine(engine)
    watch(engine)
    return engine


def upgrade(settings: Settings) -> None:
    """Bring the database of `settings` up to date, by its owner's address.

    The application's own role then gets what it needs and no more: on the log only adding and
    reading. Raises Refused for a key that is not the log's, and while a restore is unfinished.
    """
    unfinished.demand_none(settings.instance)
    with opened(settings.database_owner_url) as connection:
        before = _current(connection)
        migrate(connection)
        keys.demand(connection, settings.instance)
        if before not in (None, head()):
            current().event(Operation.PROGRAM, "migration", fields=[str(before), head()])
        row_change.compare(connection, current().notes)  # nobody else's, who comes next
        if current().notes:
            writer.write_on(connection, keys.signing_key(settings.instance))
        role = make_url(settings.database_url).username
        if role and role != make_url(settings.database_owner_url).username:
            _grant(connection, role)


def demand(settings: Settings) -> None:
    """See that the schema is this version's: an empty database gets it, any other is refused.

    A command must not change the schema under a server that still runs in the version before. A key
    that is not the log's is refused as well (`audit.keys.demand`).
    """
    unfinished.demand_none(settings.instance)
    with opened(settings.database_url, to_write=False) as connection:
        current = _current(connection)
        if current == head():
            keys.demand(connection, settings.instance)
    if current is None:
        upgrade(settings)
    elif current not in _revisions():
        raise _newer()
    elif current != head():
        raise Refused(
            mark(
                "The register still has the schema of an older version. Start the server once: "
                "wesentra serve brings it up to date."
            )
        )


def _newer() -> Refused:
    return Refused(
        mark(
            "The register has the schema of another version, newer than this one. "
            "Install that version of Wesentra."
        )
    )


def _grant(connection: Connection, role: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote(role)
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {role}",  # a restored one is the owner's alone
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "REVOKE UPDATE, DELETE ON log_entry, log_subject, log_checkpoint FROM {role}",
        "REVOKE UPDATE, DELETE ON log_anchor, log_verification FROM {role}",
        "REVOKE DELETE ON log_head, log_total, log_hold, log_restoration, log_review FROM {role}",
        "REVOKE DELETE ON log_day, log_review_item, breach, tombstone, disclosure_year FROM {role}",
        "GRANT EXECUTE ON FUNCTION log_forget(integer) TO {role}",
        "GRANT EXECUTE ON FUNCTION log_redact(integer, bytea, bytea) TO {role}",
    ):
        connection.execute(text(statement.format(role=quoted)))
