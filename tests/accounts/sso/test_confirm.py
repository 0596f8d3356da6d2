"""Who has no password here shows anew who they are by the sign-in service, which has to ask."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.accounts.sso.hostile import Provider, jwk, provider, signed
from tests.accounts.sso.services import Service, come_in, is_in, path_of
from tests.databases import Database, sqlite_only
from wesentra import clock
from wesentra.accounts import actions, links
from wesentra.accounts.sso import people
from wesentra.accounts.sso.claims import Identity
from wesentra.app import create_app
from wesentra.models import db
from wesentra.settings import load

CONFIRM = "/account/confirm/"
CONFIRM_BACK = "/account/confirm/sso/back"
DOOR = "/settings/users/new"


def later(minutes: int = 11) -> object:
    return clock.turned_to(clock.now() + timedelta(minutes=minutes))


def without_password(app: Flask, name: str = "minna") -> None:
    """An administrator who comes in by the service only."""
    factories.user(app, "admin", name=name)
    with factories.register(app):
        actions.named(name).password_hash = links.NO_PASSWORD


def grown_old(app: Flask) -> None:
    """The session showed who its user is long ago; the clocks of both sides stay true."""
    with factories.register(app):
        db.session.execute(
            db.text("UPDATE user_session SET fresh_at = :at"),
            {"at": (clock.now() - timedelta(minutes=11)).replace(tzinfo=None)},
        )


def asked_anew(client: FlaskClient) -> str:
    """The address at the service, from the page that asks who one is."""
    answer = client.get(DOOR)
    assert answer.location.startswith(CONFIRM)
    page = pages.visit(client, answer.location)
    assert "password" not in page.form(CONFIRM).names
    leading = client.get(page.link("With the work account").href)
    assert leading.status_code == 303
    return str(leading.location)


def test_the_service_asks_anew_and_one_goes_on(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    without_password(app)
    come_in(client, service, "minna")
    grown_old(app)
    address = asked_anew(client)
    assert "prompt=login" in address
    assert "max_age=0" in address
    back = service.walked(address, "minna")
    answer = pages.visit(client, path_of(back)).form(CONFIRM_BACK).send()
    assert (answer.status_code, answer.location) == (303, DOOR)
    assert [(e.operation, e.fields) for e in factories.entries_of(app, answer)] == [
        ("account", ("confirmed",))
    ]
    assert client.get(DOOR).status_code == 200


def test_somebody_else_confirms_nothing(app: Flask, client: FlaskClient, service: Service) -> None:
    without_password(app)
    factories.user(app, "staff", name="aino")
    come_in(factories.browser(app), service, "aino")
    come_in(client, service, "minna")
    grown_old(app)
    back = service.walked(asked_anew(client), "aino", requests.Session())
    answer = pages.visit(client, path_of(back)).form(CONFIRM_BACK).send()
    assert answer.status_code == 422
    assert "Somebody else signed in there." in answer.text
    assert client.get(DOOR).status_code == 303


def test_what_confirms_signs_nobody_in_and_the_other_way_round(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    without_password(app)
    come_in(client, service, "minna")
    grown_old(app)
    form = pages.visit(client, path_of(service.walked(asked_anew(client), "minna"))).form(
        CONFIRM_BACK
    )
    form.action = "/login/sso/back"
    client.post("/logout", data={"csrf_token": form.fields["csrf_token"]})
    form.fields["csrf_token"] = pages.visit(client, "/login").form("/login").fields["csrf_token"]
    assert form.send().status_code == 422
    assert not is_in(client)


def test_a_form_that_was_interrupted_goes_along(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    without_password(app)
    come_in(client, service, "minna")
    form = pages.visit(client, DOOR).form(DOOR)
    grown_old(app)
    waiting = pages.read(client, form.send(name="newcomer", full_name="New <i>Comer"))
    asking = waiting.form(CONFIRM)
    asking.action = "/account/confirm/sso/"
    address = pages.read(client, asking.send()).link("Go there").href
    back = service.walked(address, "minna")
    done = pages.visit(client, path_of(back)).form(CONFIRM_BACK).send()
    going_on = pages.read(client, done).form(DOOR)
    assert going_on.fields["full_name"] == "New <i>Comer"


@pytest.fixture
def liar() -> Iterator[Provider]:
    with provider() as made:
        yield made


@sqlite_only
@pytest.mark.parametrize(
    ("ago", "fresh"), [(0, True), (120, False), (86_400, False), (None, False), ("now", False)]
)
def test_a_service_that_did_not_ask_anew_confirms_nothing(
    database: Database, tmp_path: object, liar: Provider, ago: object, fresh: bool
) -> None:
    own = {"WESENTRA_SSO_ISSUER": liar.url, "WESENTRA_SSO_CLIENT_ID": "wesentra"}
    app = create_app(load(tmp_path / "instance", database.environ() | own))  # type: ignore[operator]
    app.testing = True
    without_password(app, "aino")
    with factories.register(app):
        known = Identity(liar.url, "subject-of-aino", "aino", "", "", None, False)
        people.known(known, app.extensions["wesentra_settings"])
    client = factories.browser(app)
    liar.keys, liar.token = [jwk()], signed
    _through(client, liar, "/login/sso/", "/login/sso/back")
    grown_old(app)
    now = int(clock.now().timestamp())
    liar.claims = {"auth_time": now - ago if isinstance(ago, int) else ago}
    answer = _through(client, liar, "/account/confirm/sso/?next=" + DOOR, CONFIRM_BACK)
    assert answer == (303 if fresh else 422)
    assert client.get(DOOR).status_code == (200 if fresh else 303)
    with app.app_context():
        db.engine.dispose()


def _through(client: FlaskClient, liar: Provider, path: str, action: str) -> int:
    said = dict(one.split("=", 1) for one in client.get(path).location.split("?")[1].split("&"))
    liar.nonce = said["nonce"]
    page = pages.visit(client, f"/login/sso/back?code=c&state={said['state']}")
    return int(page.form(action).send().status_code)


def test_an_administrator_forgets_an_identity(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, "staff", name="aino")
    come_in(client, service, "aino")
    admin = factories.signed_in(app, "admin")
    number = factories.user_id(app, "aino")
    page = pages.visit(admin, f"/settings/users/{number}")
    answer = page.form(f"/settings/users/{number}/sso/remove").send()
    assert answer.status_code == 303
    assert [(e.operation, e.fields) for e in factories.entries_of(app, answer)] == [
        ("account", ("sso_removed",))
    ]
    assert client.get("/tasks/").status_code == 303
    assert "Not used yet." in pages.visit(admin, f"/settings/users/{number}").text
