"""Fixtures: the application on a fresh database, and a client that speaks to it over no network."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from wesentra.app import create_app
from wesentra.models.base import db
from wesentra.settings import Settings


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application; an exception in a view is the test's."""
    made = create_app(settings)
    made.testing = True
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a network; it speaks https, as everybody does."""
    client = app.test_client()
    client.environ_base.update({"wsgi.url_scheme": "https", "HTTP_HOST": "localhost"})
    return client
