"""A database of PostgreSQL for the test of a backup, gone at its end; the owner makes it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import make_url, text

from wesentra.operations import schema
from wesentra.operations.backups import postgresql
from wesentra.refusal import Refused

PREFIX = "wesentra_restore_test_"
_LEFT = text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)")


@contextmanager
def database(owner: str) -> Iterator[str]:
    """The address of an empty database. Raises Refused where the owner may make none (CREATEDB)."""
    sweep(owner)
    name = f"{PREFIX}{secrets.token_hex(6)}"
    postgresql.create(owner, name)
    try:
        yield make_url(owner).set(database=name).render_as_string(hide_password=False)
    finally:
        postgresql.drop(owner, name)


def sweep(owner: str) -> None:
    """Drop what killed tests have left over; one that somebody is in stays."""
    with schema.opened(owner, to_write=False) as connection:
        left = list(connection.scalars(_LEFT, {"prefix": PREFIX}))
    for name in left:
        with suppress(Refused):
            postgresql.drop(owner, name)
