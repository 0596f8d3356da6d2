"""Nobody alone makes a privacy contact or an administrator, whatever they try."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories, pages
from tests.accounts.test_roles import while_another
from wesentra.accounts import actions, queries, roles
from wesentra.models import RoleGrant, RoleRequest, db
from wesentra.models.codes import Role
from wesentra.refusal import Refused

WAITING = "/settings/roles/"


def asked_for(app: Flask, client: FlaskClient, name: str, role: str = "privacy") -> None:
    """An administrator asks for a role on the page of a colleague."""
    address = f"/settings/users/{factories.user_id(app, name)}"
    form = pages.visit(client, address).form(address + "/grant")
    answer = form.send(role=role, reason="stands in for Minna")
    assert (answer.status_code, answer.location) == (303, address)


def held(app: Flask, name: str) -> tuple[str, ...]:
    with app.app_context():
        return queries.roles_on(factories.user_id(app, name))


def decides(client: FlaskClient, what: str, number: int = 1) -> TestResponse:
    """Somebody sends the form, whether their page has it or not."""
    token = pages.visit(client, "/account/").form("/logout").fields["csrf_token"]
    return client.post(f"{WAITING}{number}/{what}", data={"csrf_token": token})


@pytest.mark.parametrize("role", ["privacy", "admin"])
def test_an_administrator_alone_makes_nobody_privacy_contact_or_administrator(
    app: Flask, role: str
) -> None:
    admin, friend = factories.signed_in(app, "admin"), factories.user(app, "staff")
    asked_for(app, admin, friend, role)
    assert held(app, friend) == ("staff",)
    assert decides(admin, "confirm").status_code == 422
    assert held(app, friend) == ("staff",)


def test_an_account_of_one_s_own_making_confirms_nothing(app: Flask) -> None:
    """The second person would be the first one under another name."""
    admin, friend = factories.signed_in(app, "admin"), factories.user(app, "staff")
    asked_for(app, admin, friend, "admin")
    puppet = factories.browser(app)
    factories.sign_in(puppet, friend)
    assert decides(puppet, "confirm").status_code == 403
    assert held(app, friend) == ("staff",)


@pytest.mark.parametrize("second", ["admin", "privacy"])
def test_a_second_person_confirms_and_the_history_says_who_and_why(app: Flask, second: str) -> None:
    admin = factories.signed_in(app, "admin", name="asker")
    confirmer = factories.signed_in(app, second, name="second")
    friend = factories.user(app, "staff")
    asked_for(app, admin, friend)
    assert (
        "waits for a second person"
        in pages.visit(admin, f"/settings/users/{factories.user_id(app, friend)}").text
    )
    assert "can confirm" in pages.visit(confirmer, "/").text
    assert "can confirm" not in pages.visit(admin, "/").text
    answer = pages.visit(confirmer, WAITING).form(WAITING + "1/confirm").send()
    assert (answer.status_code, answer.location) == (303, WAITING)
    assert held(app, friend) == ("staff", "privacy")
    with app.app_context():
        grant = db.session.query(RoleGrant).order_by(RoleGrant.id.desc()).first()
        assert grant
        who = (grant.granted_by, grant.confirmed_by)
        assert who == tuple(factories.user_id(app, name) for name in ("asker", "second"))
        assert grant.reason == "stands in for Minna"
    assert [e.fields for e in factories.entries_of(app, answer)] == [("granted:privacy",)]


def test_who_would_get_the_role_does_not_confirm_it(app: Flask) -> None:
    admin, other = (
        factories.signed_in(app, "admin"),
        factories.signed_in(app, "admin", name="other"),
    )
    asked_for(app, admin, "other")
    for what in ("confirm", "refuse"):
        assert decides(other, what).status_code == 422
    assert held(app, "other") == ("admin",)


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_staff_and_auditors_decide_nothing(app: Flask, role: str) -> None:
    asked_for(app, factories.signed_in(app, "admin"), factories.user(app, "staff"))
    client = factories.signed_in(app, role)
    assert client.get(WAITING).status_code == 403
    assert decides(client, "confirm").status_code == 403


def test_what_was_refused_or_taken_back_is_decided(app: Flask) -> None:
    admin, second = factories.signed_in(app, "admin"), factories.signed_in(app, "privacy")
    friend = factories.user(app, "staff")
    asked_for(app, admin, friend)
    refused = decides(second, "refuse")
    assert [e.fields for e in factories.entries_of(app, refused)] == [("not_granted:privacy",)]
    late = decides(second, "confirm")
    assert late.status_code == 422
    assert "Somebody has decided on this already." in late.text
    asked_for(app, admin, friend)
    assert pages.visit(admin, WAITING).form(WAITING + "2/refuse").send().status_code == 303
    assert decides(second, "confirm", 2).status_code == 422
    assert held(app, friend) == ("staff",)


def test_asking_twice_asks_once(app: Flask) -> None:
    admin, friend = factories.signed_in(app, "admin"), factories.user(app, "staff")
    asked_for(app, admin, friend)
    asked_for(app, admin, friend)
    with app.app_context():
        assert db.session.query(RoleRequest).count() == 1


def test_asking_twice_at_once_asks_once(app: Flask) -> None:
    factories.user(app, "admin")
    friend = factories.user(app, "staff")

    def ask() -> None:
        roles.give(actions.named(friend), [Role.PRIVACY, Role.AUDITOR], "a double click")

    while_another(app, ask, ask)
    with app.app_context():
        assert db.session.query(RoleRequest).count() == 1
        assert len(queries.grants()[factories.user_id(app, friend)]) == 2


def test_a_closed_account_gets_nothing_that_was_asked_for_before(app: Flask) -> None:
    admin, second = factories.signed_in(app, "admin"), factories.signed_in(app, "privacy")
    friend = factories.user(app, "staff")
    asked_for(app, admin, friend)
    with factories.register(app):
        actions.disable(actions.named(friend))
    assert "Nothing waits." in pages.visit(second, WAITING).text
    assert decides(second, "confirm").status_code == 422
    assert held(app, friend) == ()


def test_a_new_account_waits_for_the_role_as_well(app: Flask) -> None:
    admin = factories.signed_in(app, "admin")
    form = pages.visit(admin, "/settings/users/new").form("/settings/users/new")
    given = {"name": "aino", "full_name": "Aino", "roles": ["staff", "privacy"]}
    text = form.send(**given, reason="new").text
    assert "privacy contact waits for a second person" in text
    assert held(app, "aino") == ("staff",)


def test_who_is_alone_is_told_the_way_on(app: Flask) -> None:
    admin, friend = factories.signed_in(app, "admin"), factories.user(app, "staff")
    asked_for(app, admin, friend)
    assert "There is nobody yet who could confirm it." in pages.visit(admin, WAITING).text


def test_only_the_first_administrator_gets_the_roles_at_once(app: Flask) -> None:
    with factories.register(app):
        first = actions.add("first", "First", "hash")
        assert roles.give(first, list(Role), "command line") == []
        second = actions.add("second", "Second", "hash")
        waiting = roles.give(second, list(Role), "command line")
        assert waiting == [Role.PRIVACY, Role.ADMIN]
        assert queries.roles_on(first.id) == ("staff", "privacy", "admin", "auditor")
        assert queries.roles_on(second.id) == ("staff", "auditor")


def test_the_command_line_does_not_confirm(app: Flask) -> None:
    with factories.register(app):
        actions.grant(actions.add("first", "First", "hash"), Role.ADMIN)
        roles.give(actions.add("second", "Second", "hash"), [Role.PRIVACY], "command line")
        (asked,) = roles.waiting()
        with pytest.raises(Refused, match="second person"):
            roles.confirm(asked.id)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "a\x07b"])
def test_a_reason_is_one_line_that_says_something(app: Flask, reason: str) -> None:
    with factories.register(app):
        user = actions.add("aino", "Aino", "hash")
        for act in (
            lambda: roles.give(user, [Role.STAFF], reason),
            lambda: roles.end(user, Role.STAFF, reason),
        ):
            with pytest.raises(Refused):
                act()
        assert queries.roles_on(user.id) == ()
