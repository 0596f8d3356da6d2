"""Fixtures: a sign-in service for all tests of a process, and an application that knows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.accounts.sso.services import Service, running
from tests.accounts.sso.sign_in_service import PEOPLE
from tests.databases import Database
from wesentra.settings import Settings, load


@pytest.fixture(scope="session")
def one_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The sign-in service of this process."""
    with running(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest.fixture
def service(one_service: Service) -> Iterator[Service]:
    """The same, with everybody in their groups again afterwards."""
    yield one_service
    for name, groups in PEOPLE.items():
        one_service.put(name, *groups)


@pytest.fixture
def more() -> dict[str, str]:
    """Further settings; a test names them by parameters."""
    return {}


@pytest.fixture
def settings(
    database: Database, tmp_path: Path, service: Service, more: dict[str, str]
) -> Settings:
    """Settings that name the service."""
    return load(tmp_path / "instance", database.environ() | service.environ() | more)
