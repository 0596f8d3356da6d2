"""A restored database is put into its place on PostgreSQL.

The schema `public` is renamed, and `pg_restore` fills a new one in one transaction. The new one is
the owner's alone until `schema.upgrade` grants the application's role what it needs, as the last
step of all: until then no server of this register sees anything.
"""

from pathlib import Path

from sqlalchemy import Connection, text

from wesentra.operations import schema
from wesentra.operations.backups import contents, postgresql
from wesentra.operations.backups.in_file import IN_USE
from wesentra.refusal import Refused
from wesentra.settings import Settings

_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
_HAS = text(
    "SELECT count(*) FROM pg_catalog.pg_tables "
    "WHERE schemaname = :schema AND tablename = 'alembic_version'"
)
_IS = text("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = :schema")
_NUMBERS = text(
    "SELECT sequencename, last_value FROM pg_sequences "
    "WHERE schemaname = 'public' AND last_value IS NOT NULL"
)


def work_folder(settings: Settings) -> Path:
    """Where the dump is unpacked."""
    return settings.instance


def is_empty(settings: Settings) -> bool:
    """Whether there is no register yet that could be lost."""
    with schema.opened(settings.database_owner_url, to_write=False) as connection:
        return not connection.scalar(_HAS, {"schema": "public"})


def demand_alone(settings: Settings) -> None:
    """See that nobody else is connected to the database. Raises Refused while somebody is."""
    with schema.opened(settings.database_owner_url, to_write=False) as connection:
        if connection.scalar(_OTHERS):
            raise Refused(IN_USE)


def known(settings: Settings) -> tuple[int | None, dict[str, int] | None]:
    """The last entry of the log and the last numbers given, by sequence; None where none is."""
    if is_empty(settings):
        return None, None
    with schema.opened(settings.database_owner_url, to_write=False) as connection:
        last = connection.scalar(text("SELECT last FROM log_head"))
        numbers = {row.sequencename: int(row.last_value) for row in connection.execute(_NUMBERS)}
    return last, numbers


def put(settings: Settings, staged: Path, aside: str) -> None:
    """Move what is there aside and restore into its place; again after a kill.

    Raises Refused when `pg_restore` fails; what was there is back then.
    """
    with schema.opened(settings.database_owner_url) as connection:
        if connection.scalar(_HAS, {"schema": "public"}):
            if connection.scalar(_IS, {"schema": aside}):
                return  # it is in its place already
            connection.execute(text(f"ALTER SCHEMA public RENAME TO {aside}"))
            connection.execute(text("CREATE SCHEMA public"))
    try:
        with (staged / contents.DATABASES["postgresql"]).open("rb") as dumped:
            postgresql.restore(settings.database_owner_url, dumped)
    except Refused:
        with schema.opened(settings.database_owner_url) as connection:
            _back(connection, aside)
        raise


def _back(connection: Connection, aside: str) -> None:
    if connection.scalar(_IS, {"schema": aside}):
        connection.execute(text("DROP SCHEMA public"))  # empty, or this fails
        connection.execute(text(f"ALTER SCHEMA {aside} RENAME TO public"))
