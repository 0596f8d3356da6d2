"""Somebody has a copy of the register, with its secret: it opens nothing that goes on running."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.accounts.authenticating import code, somebody
from tests.databases import sqlite_only
from wesentra.accounts import authenticators, second_step
from wesentra.accounts.actions import named
from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.models import db
from wesentra.models.base import writing
from wesentra.settings import Settings
from wesentra.web.csrf import SESSION_COOKIE, VISITOR_COOKIE


@pytest.fixture
def victim(app: Flask) -> str:
    """Somebody with a second factor."""
    somebody(app, "staff", "privacy")
    return "aino"


@pytest.fixture
def stolen(victim: str, settings: Settings, tmp_path: Path) -> Flask:
    """The same register on the thief's machine: database and secret, no password."""
    file = tmp_path / "copy.db"
    kept = settings.database_url.removeprefix("sqlite:///")
    with closing(connect(kept)) as source, closing(connect(file)) as target:
        source.backup(target)
    return create_app(replace(settings, database_url=f"sqlite:///{file}"))


def forged(stolen: Flask, thief: FlaskClient, name: str) -> tuple[str, str]:
    """The ticket that the thief's copy gives for the browser that they use, and a code."""
    cookie = thief.get_cookie(VISITOR_COOKIE, domain="localhost")
    assert cookie
    said = {"Cookie": f"{VISITOR_COOKIE}={cookie.value}"}
    nobody = Acting(None, "nobody", "sign_in", "thief")
    token = writing.set(True)
    with stolen.test_request_context("/login", headers=said), acting_as(nobody):
        user = named(name)
        app = authenticators.of(user.id)
        assert app
        secret, ticket = authenticators.secret_of(app), second_step.ticket(user)
        db.session.commit()
        db.session.remove()
    writing.reset(token)
    assert secret
    return ticket, code(secret, 1)


@sqlite_only
def test_a_copy_of_everything_makes_no_ticket_for_the_second_step(
    app: Flask, victim: str, stolen: Flask
) -> None:
    """The keys of the apps are in it, so that only the password stands before a thief."""
    thief = factories.browser(app)
    form = pages.visit(thief, "/login").form("/login")
    ticket, typed = forged(stolen, thief, victim)
    data = {"csrf_token": form.fields["csrf_token"], "ticket": ticket, "code": typed}
    answer = thief.post("/login/code", data=data)
    assert thief.get_cookie(SESSION_COOKIE, domain="localhost") is None
    assert answer.status_code == 422
    assert "That took too long" in answer.text
