"""A role that needs a second factor opens nothing without one, but the way to set one up."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.accounts.authenticating import PAGE, first_step, set_up
from tests.accounts.test_log_notice import texts_of_tasks
from wesentra.accounts import required_factors
from wesentra.web.guard import OPEN, WITHOUT_FACTOR

REQUIRED = "/settings/second-factors/"
OPEN_NAMES = {name for name, _ in OPEN}


def require(app: Flask, *roles: str) -> None:
    with factories.register(app):
        required_factors.demand_of(roles)


def test_the_administrator_says_which_roles_need_one(app: Flask) -> None:
    admin = factories.signed_in(app, "admin")
    form = pages.visit(admin, REQUIRED).form(REQUIRED)
    answer = form.send(roles=["privacy", "auditor"])
    assert answer.status_code == 303
    assert [e.fields for e in factories.entries_of(app, answer)] == [
        ("required:auditor",),
        ("required:privacy",),
    ]
    with app.app_context():
        assert required_factors.roles() == ["privacy", "auditor"]
    again = pages.visit(admin, REQUIRED).form(REQUIRED)
    less = again.send(roles=["auditor"])
    assert [e.fields for e in factories.entries_of(app, less)] == [("not_required:privacy",)]


@pytest.mark.parametrize("role", ["staff", "privacy", "auditor"])
def test_nobody_else_says_it(app: Flask, role: str) -> None:
    assert factories.signed_in(app, role).get(REQUIRED).status_code == 403


def test_a_role_that_there_is_not_is_refused(app: Flask) -> None:
    admin = factories.signed_in(app, "admin")
    assert pages.visit(admin, REQUIRED).form(REQUIRED).send(roles=["king"]).status_code == 422


def test_without_one_nothing_opens(app: Flask) -> None:
    """Every address, by somebody who holds every role and came in by the password alone."""
    require(app, "auditor")
    factories.person(app)
    client = factories.signed_in(app, "staff", "privacy", "admin", "auditor")
    token = pages.visit(client, PAGE).form("/logout").fields["csrf_token"]
    opened = []
    for rule in app.url_map.iter_rules():
        free = rule.endpoint in WITHOUT_FACTOR or rule.endpoint.split(".")[0] in WITHOUT_FACTOR
        if rule.endpoint in OPEN_NAMES or free:
            continue
        with app.test_request_context("https://localhost/"):
            given = {name: 1 if name.endswith("_id") else "title" for name in rule.arguments}
            address = app.url_for(rule.endpoint, **given)
        if "POST" in (rule.methods or ()):
            answer = client.post(address, data={"csrf_token": token})
        else:
            answer = client.get(address)
        led = answer.status_code == 303 and answer.location.startswith(PAGE)
        if not (led or (answer.status_code == 403 and "First a second factor" in answer.text)):
            opened.append(f"{rule} {answer.status_code}")
        assert factories.entries_of(app, answer) == [], rule
    assert opened == []


def test_with_one_everything_opens_again(app: Flask) -> None:
    require(app, "staff")
    client = factories.signed_in(app, "staff", name="aino")
    answer = client.get("/contacts/")
    assert answer.location.startswith(PAGE)
    assert "Your role needs a second factor." in client.get(answer.location).text
    set_up(client)
    assert client.get("/contacts/").status_code == 200
    assert first_step(factories.browser(app)).names


def test_who_takes_it_away_is_led_to_it_again(app: Flask) -> None:
    require(app, "staff")
    client = factories.signed_in(app, "staff")
    _, codes = set_up(client)
    form = pages.visit(client, PAGE).form(PAGE + "change")
    form.names.append("do")
    assert form.send(code=codes[0], do="remove").status_code == 303
    assert client.get("/contacts/").location.startswith(PAGE)


def test_other_roles_are_not_asked(app: Flask) -> None:
    require(app, "privacy")
    assert factories.signed_in(app, "staff").get("/contacts/").status_code == 200


def test_one_role_of_several_is_enough(app: Flask) -> None:
    require(app, "privacy")
    client = factories.signed_in(app, "staff", "privacy")
    assert client.get("/contacts/").location.startswith(PAGE)


def test_who_is_working_is_asked_at_the_next_click_and_loses_nothing(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, f"/tasks/new?contact={factories.person(app)}").form("/tasks/new")
    require(app, "staff")
    answer = form.send(text="Soita")
    assert answer.status_code == 403
    waits = pages.read(client, answer)
    assert pages.read(client, waits.form("/tasks/new").send()).form("/tasks/new")
    assert texts_of_tasks(app) == []
    set_up(client)
    assert waits.form("/tasks/new").send().status_code == 303
    assert texts_of_tasks(app) == ["Soita"]


def test_htmx_leaves_it_on_its_page(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, f"/tasks/new?contact={factories.person(app)}").form("/tasks/new")
    require(app, "staff")
    answer = form.send(text="Soita", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (403, "#flash")
    assert "What you typed still stands here." in answer.text


def test_one_can_still_sign_out(app: Flask) -> None:
    require(app, "staff")
    client = factories.signed_in(app, "staff")
    assert pages.visit(client, PAGE).form("/logout").send().location == "/login"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """An administrator's browser."""
    return factories.signed_in(app, "admin")


def test_the_page_of_a_user_says_whether_there_is_one(app: Flask, admin: FlaskClient) -> None:
    set_up(factories.signed_in(app, "staff", name="aino"))
    address = f"/settings/users/{factories.user_id(app, 'aino')}"
    assert f"{address}/second-factor/reset" in admin.get(address).text
    factories.user(app, "staff", name="other")
    other = f"/settings/users/{factories.user_id(app, 'other')}"
    assert f"{other}/second-factor/reset" not in admin.get(other).text
