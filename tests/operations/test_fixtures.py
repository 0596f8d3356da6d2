"""The ground the other tests stand on is itself what it claims to be."""

import socket

import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from tests.cluster import Cluster
from tests.databases import Database, postgresql_only
from tests.network import NetworkForbidden


def test_a_fresh_database_has_the_newest_schema(database: Database) -> None:
    engine = create_engine(database.url)
    try:
        assert {"contact", "log_entry", "alembic_version"} <= set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


@postgresql_only
def test_the_application_owns_nothing_on_postgresql(database: Database) -> None:
    engine = create_engine(database.url)
    try:
        with pytest.raises(ProgrammingError, match="must be owner"), engine.begin() as connection:
            connection.execute(text("DROP TABLE log_entry"))
    finally:
        engine.dispose()


@pytest.mark.postgresql
def test_databases_of_two_tests_are_two(postgresql: Cluster) -> None:
    with postgresql.database() as one, postgresql.database() as other:
        assert one != other


def test_other_machines_cannot_be_reached() -> None:
    with pytest.raises(NetworkForbidden, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_the_browser_reaches_no_other_machine(page: Page) -> None:
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("https://cdn.jsdelivr.net/")
