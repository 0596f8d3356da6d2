"""Fixtures: a fresh database of each kind, and settings that lead to it.

A test that asks for `database`, `settings` or anything built on them runs twice, on SQLite and on
PostgreSQL. `sqlite_only` and `postgresql_only` above a test say that one is enough, and why not
both has to be plain from the test's name or docstring.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests import cluster, folder
from tests.missing import missing
from wesentra.operations import schema
from wesentra.settings import Settings, load

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@dataclass(frozen=True)
class Database:
    """A database with the newest schema and no rows of ours."""

    kind: str
    url: str
    """For the application; on PostgreSQL its role owns nothing."""
    owner_url: str
    """For migrations and for looking behind the application's back."""

    def environ(self) -> dict[str, str]:
        """The environment of a program that works on this database, in English.

        A server does no jobs by itself there, so that its log holds what a test did and no more.
        """
        return {
            "WESENTRA_DATABASE_URL": self.url,
            "WESENTRA_DATABASE_OWNER_URL": self.owner_url,
            "WESENTRA_ASSETS": "local",
            "WESENTRA_LANGUAGE": "en",
            "WESENTRA_JOBS": "no",
        }


@dataclass(frozen=True)
class Databases:
    """Makes databases of one kind, each fresh and gone at the end of its block."""

    kind: str
    fresh: Callable[[], AbstractContextManager[Database]]


@pytest.fixture(scope="session")
def postgresql() -> cluster.Cluster:
    """The PostgreSQL of this run; its absence skips, and fails in CI."""
    found = cluster.cluster(folder.of_run())
    if found is None:
        missing("PostgreSQL; apt install postgresql brings initdb and postgres")
    return found


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the newest schema, copied for every test."""
    folder = tmp_path_factory.mktemp("template")
    schema.upgrade(load(folder, {}))
    return folder / "wesentra.db"


BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh database: once SQLite, once PostgreSQL."""
    with _fresh(request, tmp_path) as made:
        yield made


@pytest.fixture(params=BOTH)
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    """Fresh databases one after the other, for a test that draws its examples."""
    return Databases(request.param, partial(_fresh, request, tmp_path))


@contextmanager
def _fresh(request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        for rest in folder.glob("wesentra.db*"):
            rest.unlink()
        target = folder / "wesentra.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), target)
        yield Database("sqlite", f"sqlite:///{target}", f"sqlite:///{target}")
        return
    server = request.getfixturevalue("postgresql")
    with server.database() as name:
        yield Database("postgresql", server.app_url(name), server.owner_url(name))


@pytest.fixture
def database_url(database: Database) -> str:
    """The address of a fresh database, as the application is given it."""
    return database.url


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of a fresh instance on a fresh database."""
    return load(tmp_path / "instance", database.environ())
