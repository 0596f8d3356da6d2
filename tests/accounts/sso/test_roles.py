"""Roles by the word of the sign-in service: given and ended at sign-in, two of them by two."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.accounts.sso.services import Service, come_in
from wesentra.accounts import actions, queries, roles
from wesentra.accounts.sso.roles import Change, Held, change
from wesentra.models import RoleGrant, RoleRequest, db
from wesentra.models.codes import Role


def held(app: Flask, name: str) -> tuple[str, ...]:
    with app.app_context():
        return queries.roles_on(actions.named(name).id)


def waiting(app: Flask) -> list[tuple[str, str | None]]:
    with app.app_context():
        return [(one.role, one.issuer) for one in roles.waiting()]


def again(app: Flask, service: Service, name: str) -> FlaskClient:
    client = factories.browser(app)
    assert come_in(client, service, name).status_code == 303
    return client


def test_a_mapped_role_comes_and_goes(app: Flask, client: FlaskClient, service: Service) -> None:
    factories.user(app, name="aino")
    come_in(client, service, "aino")
    assert held(app, "aino") == ("staff",)
    service.put("aino", "crm-auditor")
    again(app, service, "aino")
    assert held(app, "aino") == ("auditor",)
    with app.app_context():
        rows = db.session.scalars(db.select(RoleGrant).order_by(RoleGrant.id)).all()
        assert [(row.role, row.issuer, row.granted_by) for row in rows] == [
            ("staff", service.issuer, None),
            ("auditor", service.issuer, None),
        ]
        assert rows[0].valid_to is not None
        assert rows[0].end_reason == rows[0].reason == f"OpenID Connect: {service.issuer}"


def test_what_people_here_gave_stays(app: Flask, client: FlaskClient, service: Service) -> None:
    factories.user(app, "auditor", name="nobody")
    come_in(client, service, "nobody")
    assert held(app, "nobody") == ("auditor",)


@pytest.mark.parametrize(
    "groups", [["privacy"], ["CRM-PRIVACY"], ["crm-privacy "], ["crm-privacy=privacy"], ["system"]]
)
def test_what_is_not_mapped_is_nothing(
    app: Flask, client: FlaskClient, service: Service, groups: list[str]
) -> None:
    factories.user(app, name="aino")
    service.put("aino", *groups)
    come_in(client, service, "aino")
    assert held(app, "aino") == ()
    assert waiting(app) == []


def test_nobody_becomes_privacy_contact_by_the_service_alone(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, name="minna")
    service.put("minna", "crm-staff", "crm-privacy", "crm-admin")
    come_in(client, service, "minna")
    assert held(app, "minna") == ("staff",)
    assert {role for role, _ in waiting(app)} == {"privacy", "admin"}
    assert client.get("/dashboard/").status_code == 403
    again(app, service, "minna")
    assert len(waiting(app)) == 2


def test_a_second_person_says_yes(app: Flask, client: FlaskClient, service: Service) -> None:
    factories.user(app, name="minna")
    come_in(client, service, "minna")
    admin = factories.signed_in(app, "admin")
    page = pages.visit(admin, "/settings/roles/")
    assert "the sign-in service" in page.text
    with app.app_context():
        number = db.session.scalars(db.select(RoleRequest.id)).one()
    assert page.form(f"/settings/roles/{number}/confirm").send().status_code == 303
    assert held(app, "minna") == ("staff", "privacy")
    service.put("minna", "crm-staff")
    again(app, service, "minna")
    assert held(app, "minna") == ("staff",)


def test_who_is_refused_is_not_asked_for_again(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, name="minna")
    come_in(client, service, "minna")
    admin = factories.signed_in(app, "admin")
    with app.app_context():
        number = db.session.scalars(db.select(RoleRequest.id)).one()
    pages.visit(admin, "/settings/roles/").form(f"/settings/roles/{number}/refuse").send()
    again(app, service, "minna")
    assert waiting(app) == []
    assert held(app, "minna") == ("staff",)


def test_what_the_service_says_no_more_does_not_wait_either(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, name="minna")
    come_in(client, service, "minna")
    service.put("minna")
    again(app, service, "minna")
    assert waiting(app) == []
    service.put("minna", "crm-privacy")
    again(app, service, "minna")
    assert [role for role, _ in waiting(app)] == ["privacy"]


def test_who_ends_such_a_role_is_told_that_it_comes_again(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, "auditor", name="aino")
    come_in(client, service, "aino")
    admin = factories.signed_in(app, "admin")
    address = f"/settings/users/{factories.user_id(app, 'aino')}/revoke"
    page = pages.visit(admin, f"{address}?role=staff")
    assert page.text.count("comes from the sign-in service") == 1
    assert page.form(address).send(role="staff", reason="other work").status_code == 303
    assert held(app, "aino") == ("auditor",)
    again(app, service, "aino")
    assert held(app, "aino") == ("staff", "auditor")


def test_the_last_administrator_stays_one(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, name="minna")
    with factories.register(app):
        actions.grant(actions.named("minna"), Role.ADMIN, issuer=service.issuer)
    service.put("minna")
    come_in(client, service, "minna")
    assert held(app, "minna") == ("admin",)


def test_the_entries_say_which_roles(app: Flask, client: FlaskClient, service: Service) -> None:
    factories.user(app, name="minna")
    answer = come_in(client, service, "minna")
    fields = {field for entry in factories.entries_of(app, answer) for field in entry.fields}
    assert {"granted:staff", "asked:privacy"} <= fields


def test_the_plan_of_a_change() -> None:
    nothing: frozenset[str] = frozenset()
    none = Held(nothing, nothing, nothing, nothing)
    everything = frozenset(role.value for role in Role)
    by_two = frozenset({"privacy", "admin"})
    assert change(everything, none) == Change(everything - by_two, by_two, nothing, nothing)
    all_held = Held(everything, frozenset({"staff", "admin"}), nothing, nothing)
    assert change(nothing, all_held).end == {"staff", "admin"}
    assert change(everything, all_held) == Change(nothing, nothing, nothing, nothing)
    refused = Held(nothing, nothing, frozenset({"admin"}), frozenset({"privacy"}))
    assert change(by_two, refused) == Change(nothing, nothing, nothing, nothing)
    assert change(nothing, refused).take_back == {"admin"}
