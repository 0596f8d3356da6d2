"""Fixtures: registers that are only looked at, made once a worker."""

import shutil
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests.browser.houses import House, furnish, users
from tests.servers import served
from wesentra.app import create_app
from wesentra.models.base import db
from wesentra.operations import tls
from wesentra.settings import load


@contextmanager
def opened(
    folder: Path,
    template: Path,
    context: ssl.SSLContext,
    fill: Callable[[Flask], dict[str, str]],
    assets: str = "local",
    more: Mapping[str, str] | None = None,
) -> Iterator[House]:
    """A house of its own on SQLite: these tests are about pages, not about databases."""
    shutil.copy(template, folder / "wesentra.db")
    environ = {"WESENTRA_ASSETS": assets, "WESENTRA_LANGUAGE": "en", **(more or {})}
    app = create_app(load(folder, environ))
    tls.ensure(folder)
    names = fill(app)
    with served(app, context) as url:
        yield House(app, url, names)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def furnished(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, light_context: ssl.SSLContext
) -> Iterator[House]:
    """A house full of things. Look, and leave everything as it is."""
    folder = tmp_path_factory.mktemp("furnished")
    with opened(folder, sqlite_template, light_context, furnish) as house:
        yield house


@pytest.fixture(scope="session")
def empty(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, light_context: ssl.SSLContext
) -> Iterator[House]:
    """A house with its users and nobody else. Look, and leave everything as it is."""
    folder = tmp_path_factory.mktemp("empty")
    with opened(folder, sqlite_template, light_context, users) as house:
        yield house


@pytest.fixture(scope="session")
def house(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, light_context: ssl.SSLContext
) -> Iterator[House]:
    """A house to work in: every test brings its own people, and leaves those of others alone."""
    folder = tmp_path_factory.mktemp("house")
    with opened(folder, sqlite_template, light_context, users) as house:
        yield house
