"""Fixtures: a session that outlives the server, and a register whose backups somebody keeps."""

from pathlib import Path

import pytest
from flask import Flask

from tests import factories, pages
from tests.databases import Database
from tests.operations.backing import Keeper
from wesentra.models import db
from wesentra.settings import Settings

PEOPLE = 16


@pytest.fixture
def session(app: Flask) -> dict[str, str]:
    """Cookie and form token of somebody signed in, good for every start of the server."""
    client = factories.signed_in(app, "staff")
    with factories.register(app):
        for number in range(PEOPLE):
            factories.contact(f"Etu{number}", f"Suku{number}")
    token = pages.visit(client, "/contacts/1/edit/title").form(field="value").fields["csrf_token"]
    cookie = client.get_cookie("__Host-wesentra", domain="localhost")
    assert cookie
    with app.app_context():
        db.engine.dispose()
    return {"cookie": f"__Host-wesentra={cookie.value}", "token": token}


@pytest.fixture
def keeper(app: Flask, database: Database, settings: Settings, tmp_path: Path) -> Keeper:
    """A register with three people and a company, and somebody who keeps its backups."""
    with factories.register(app):
        company = factories.company("Esimerkki Oy")
        for name in ("Alanko", "Bergman", "Ceder"):
            factories.contact("Aino", name, company=company)
    with app.app_context():
        db.engine.dispose()
    folder = tmp_path / "backups"
    folder.mkdir()
    return Keeper(database, settings, folder)
