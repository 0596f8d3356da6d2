"""The database is armed: triggers count changed rows, and outside a context nobody is read.

Done at every start and not by a migration, because a table that is made anew loses its triggers,
and a new one shall have them by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from wesentra.audit.net_postgresql import KEY_LENGTH
from wesentra.audit.passing import AUDITED, PAST, SETTING
from wesentra.audit.row_change import RowChange
from wesentra.models.personal import (
    marks,
    personal_classes,
    personal_tables,
    telling_columns,
)

COUNT = "row_is_counted"
NOBODY = "nobody is acting: personal data are neither read nor changed"


@dataclass(frozen=True)
class Counted:
    """A table whose changes are counted: the columns that tell something, and whose a row is."""

    name: str
    columns: tuple[str, ...]
    subject: str | None


FOLLOWING = frozenset({"pending_import_id", "checked_at"})
"""Columns that change only with something else that is told."""


def counted() -> Iterator[Counted]:
    """The personal tables that say something of themselves: no search words, no staged rows."""
    for class_ in personal_classes():
        told = any(mark.exported for _, mark in marks(class_))
        if told and "id" in class_.__table__.columns and not getattr(class_, "__of_change__", 0):
            columns = tuple(sorted(telling_columns(class_) - FOLLOWING))
            yield Counted(class_.__tablename__, columns, class_.__subject__)  # type: ignore[attr-defined]


def arm(connection: Connection, *, anew: bool) -> None:
    """See that every personal table is watched by the database itself.

    `anew` after a change of the schema; else only what is missing is put back.
    """
    tables = list(counted())
    if connection.dialect.name == "postgresql":
        _arm_postgresql(connection, tables, anew=anew)
    else:
        _arm_sqlite(connection, tables)


# --- SQLite ---------------------------------------------------------------------------------


_MADE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def _arm_sqlite(connection: Connection, tables: list[Counted]) -> None:
    there = {row.name: row.sql for row in connection.exec_driver_sql(_MADE)}
    for name, statement in _triggers(tables):
        if there.get(name) != statement:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)


def _triggers(tables: list[Counted]) -> Iterator[tuple[str, str]]:
    """The name of each trigger and the statement that makes it."""
    for table in tables:
        for operation, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            name = f"{table.name}_{COUNT}_{operation.lower()}"
            when = operation + (f" OF {_quoted(table.columns)}" if operation == "UPDATE" else "")
            subject = f"{row}.{table.subject}" if table.subject else "NULL"
            word = {"INSERT": "create"}.get(operation, operation.lower())
            yield (
                name,
                f"CREATE TRIGGER {name} AFTER {when} ON {table.name} BEGIN "  # noqa: S608 - our own
                f"SELECT CASE WHEN NOT {AUDITED}() THEN RAISE(ABORT, '{NOBODY}') END; "
                f"INSERT INTO {RowChange.__tablename__} "
                f"(table_name, operation, row_id, contact_id) "
                f"VALUES ('{table.name}', '{word}', {row}.id, {subject}); END",
            )


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


# --- PostgreSQL -----------------------------------------------------------------------------

_ACTS = f"""
        IF coalesce(current_setting('{SETTING}', true), '') = '' THEN
            RAISE EXCEPTION '{NOBODY}' USING ERRCODE = 'insufficient_privilege';
        END IF;"""
_KEY = f"left(right(current_query(), {KEY_LENGTH + 2}), {KEY_LENGTH})"
"""What stands in the comment that ends the statement, as the driver sent it."""

FUNCTIONS = (
    f"""
    CREATE OR REPLACE FUNCTION {AUDITED}() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$ BEGIN {_ACTS}
        IF encode(sha256(convert_to({_KEY}, 'UTF8')), 'hex') <> current_setting('{SETTING}') THEN
            RAISE EXCEPTION '{PAST}' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN true;
    END $$
    """,
    f"""
    CREATE OR REPLACE FUNCTION {COUNT}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        changed jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
    BEGIN {_ACTS}
        INSERT INTO {RowChange.__tablename__} (table_name, operation, row_id, contact_id) VALUES (
            TG_TABLE_NAME,
            CASE TG_OP WHEN 'INSERT' THEN 'create' ELSE lower(TG_OP) END,
            (changed ->> 'id')::integer,
            (changed ->> TG_ARGV[0])::integer
        );
        RETURN NULL;
    END $$
    """,  # noqa: S608 - names of our own
)
"""Rows are for statements with a key; what follows from any statement of an act is counted."""

_SECURED = text("SELECT relname FROM pg_class WHERE relforcerowsecurity AND relname = ANY(:names)")
_TRIGGERED = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")


def _arm_postgresql(connection: Connection, tables: list[Counted], *, anew: bool) -> None:
    for function in FUNCTIONS:
        connection.exec_driver_sql(function)
    _secure(connection)
    there = set(connection.scalars(_TRIGGERED))
    for table in tables:
        name = f"{table.name}_{COUNT}"
        if name in there and not anew:
            continue
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table.name}")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} AFTER INSERT OR DELETE OR UPDATE OF {_quoted(table.columns)} "
            f"ON {table.name} FOR EACH ROW EXECUTE FUNCTION {COUNT}('{table.subject or ''}')"
        )


def _secure(connection: Connection) -> None:
    names = sorted(personal_tables())
    secured = set(connection.scalars(_SECURED, {"names": names}))
    for name in names:
        if name in secured:
            continue  # each of these takes the table from everybody else for a moment
        connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        connection.exec_driver_sql(
            f"CREATE POLICY audited ON {name} USING ((SELECT {AUDITED}())) "
            f"WITH CHECK ((SELECT {AUDITED}()))"
        )
        # Also the owner: whoever changes the schema says who acts.
        connection.exec_driver_sql(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
