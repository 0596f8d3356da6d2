"""Numbers that were given after the backup are never given again: the log and papers name them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Table, text

from wesentra.erasure.ledger import Erased
from wesentra.models.base import Base

BEYOND = 100_000
"""So many numbers are left out where nobody can say which the lost register had given: more than a
company gives between two backups."""
TABLES = {"contact": "contact", "company": "company"}
"""The tables of those whom the erasure ledger knows."""
_LAST = text(
    "SELECT last_value FROM pg_sequences WHERE schemaname = 'public' AND sequencename = :name"
)


def go_beyond(
    connection: Connection, given: Mapping[str, int] | None, gone: Iterable[Erased]
) -> None:
    """Let every numbered table go on after the last number `given` (by table, or on PostgreSQL by
    sequence; None: unknown) and after the numbers of those who are `gone`."""
    highest = dict.fromkeys(TABLES.values(), 0)
    for one in gone:
        highest[TABLES[one.kind]] = max(highest[TABLES[one.kind]], one.number)
    for table in _numbered():
        lost = (given or {}).get(_name(connection, table), 0)
        _raise(
            connection, table.name, max(highest.get(table.name, 0), lost), known=given is not None
        )


def _numbered() -> list[Table]:
    """Tables that never give a number twice."""
    tables = Base.metadata.sorted_tables
    return [table for table in tables if table.dialect_options["sqlite"]["autoincrement"]]


def _name(connection: Connection, table: Table) -> str:
    return table.name if connection.dialect.name == "sqlite" else f"{table.name}_id_seq"


def _raise(connection: Connection, table: str, least: int, *, known: bool) -> None:
    here = _last(connection, table)
    last = max(here, least) + (0 if known else BEYOND)
    if last <= here:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
            {"name": table, "last": last},
        )
    elif not connection.execute(
        text("UPDATE sqlite_sequence SET seq = :last WHERE name = :name"),
        {"name": table, "last": last},
    ).rowcount:
        connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"),
            {"name": table, "last": last},
        )


def _last(connection: Connection, table: str) -> int:
    """The last number that this database has given."""
    if connection.dialect.name == "postgresql":
        given = {"name": f"{table}_id_seq"}  # what was moved aside has one of the same name
        return int(connection.scalar(_LAST, given) or 0)
    query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return int(connection.scalar(query, {"name": table}) or 0)
