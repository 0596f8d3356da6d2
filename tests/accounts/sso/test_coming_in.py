"""Coming in by the company's sign-in service: a real one, of others' making, on loopback."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.accounts.authenticating import code, somebody
from tests.accounts.sso.services import Service, begun, came_back, come_in, is_in, path_of
from tests.accounts.sso.sign_in_service import SECRET
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.accounts import actions, required_factors
from wesentra.models import SignOnLink, User, db


def said(app: Flask, answer: object) -> list[tuple[str, tuple[str, ...], str]]:
    """What an answer left in the log."""
    found = factories.entries_of(app, answer)
    return [(entry.operation, entry.fields, entry.row.outcome) for entry in found]


def links(app: Flask) -> list[tuple[str, str]]:
    """Who is known by which issuer."""
    with app.app_context():
        query = db.select(User.name, SignOnLink.issuer).join(User, User.id == SignOnLink.user_id)
        return [(name, issuer) for name, issuer in db.session.execute(query)]


def test_somebody_with_an_account_comes_in(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, "staff", name="aino")
    page = pages.visit(client, "/login?next=/companies/")
    link = page.link("With the work account")
    answer = come_in(client, service, "aino", link.href)
    assert (answer.status_code, answer.location) == (303, "/companies/")
    assert client.get("/companies/").status_code == 200
    assert ("sign_in", ("sso",), "done") in said(app, answer)
    assert ("account", ("sso",), "done") in said(app, answer)
    assert links(app) == [("aino", service.issuer)]


def test_the_second_time_one_is_known_by_subject_and_not_by_name(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, "staff", name="aino")
    come_in(client, service, "aino")
    with factories.register(app):
        actions.named("aino").name = "aino.new"
    again = factories.browser(app)
    assert come_in(again, service, "aino").status_code == 303
    assert is_in(again)


def test_a_name_that_is_given_anew_opens_nothing(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, "staff", name="aino")
    come_in(client, service, "aino")
    with factories.register(app):
        db.session.scalars(db.select(SignOnLink)).one().subject = "who had the name before"
    other = factories.browser(app)
    answer = come_in(other, service, "aino")
    assert answer.status_code == 422
    assert "belongs to another identity" in answer.text
    assert not is_in(other)


def test_who_has_no_account_gets_none(app: Flask, client: FlaskClient, service: Service) -> None:
    answer = come_in(client, service, "outsider")
    assert answer.status_code == 422
    assert "There is no account for you here." in answer.text
    assert said(app, answer) == [("sign_in_failed", ("sso",), "denied")]
    assert not is_in(client)
    with app.app_context():
        assert db.session.query(User).count() == 0


def test_a_closed_account_is_told_the_same(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, "staff", name="aino")
    come_in(client, service, "aino")
    with factories.register(app):
        actions.disable(actions.named("aino"))
    other = factories.browser(app)
    answer = come_in(other, service, "aino")
    assert "There is no account for you here." in answer.text
    assert not is_in(other)
    factories.user(app, "staff", name="minna")
    with factories.register(app):
        actions.disable(actions.named("minna"))
    never = factories.browser(app)
    assert "There is no account for you here." in come_in(never, service, "minna").text
    assert links(app) == [("aino", service.issuer)]


@pytest.mark.parametrize("more", [{"WESENTRA_SSO_MAKE_ACCOUNTS": "yes"}])
def test_an_account_is_made_where_the_settings_want_it_and_a_role_comes(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    assert come_in(client, service, "outsider").status_code == 303
    with app.app_context():
        made = db.session.query(User).one()
        assert (made.name, made.full_name, made.password_hash) == ("outsider", "Outsider", "")
    assert client.get("/").location.startswith("/account/log-notice/")
    nobody = factories.browser(app)
    assert "There is no account for you here." in come_in(nobody, service, "nobody").text
    wrong = factories.browser(app)
    form = pages.visit(wrong, "/login").form("/login")
    assert form.send(username="outsider", password="any password").status_code == 422


def test_a_code_of_one_s_own_is_asked_after_it(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    secret, _ = somebody(app, "staff")
    answer = come_in(client, service, "aino", "/login/sso/?next=/tasks/")
    assert answer.status_code == 200
    assert not is_in(client)
    step = pages.read(client, answer).form("/login/code")
    assert step.send(code="000000").status_code == 422
    assert not is_in(client)
    done = step.send(code=code(secret, 1))
    assert (done.status_code, done.location) == (303, "/tasks/")
    assert ("sign_in", ("code", "sso"), "done") in said(app, done)


@pytest.mark.parametrize("more", [{"WESENTRA_SSO_SECOND_FACTOR": "otp"}])
def test_the_service_s_second_factor_counts_where_the_settings_say_so(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    secret, _ = somebody(app, "staff", name="carrying")
    assert secret
    answer = come_in(client, service, "carrying")
    assert ("sign_in", ("sso", "sso_factor"), "done") in said(app, answer)
    assert client.get("/tasks/").status_code == 200


@pytest.mark.parametrize("more", [{}, {"WESENTRA_SSO_SECOND_FACTOR": "otp"}])
def test_a_role_that_needs_a_second_factor_is_led_to_set_one_up(
    app: Flask, client: FlaskClient, service: Service, more: dict[str, str]
) -> None:
    """Unless the service asked for one, and that counts."""
    factories.user(app, "staff", name="carrying")
    with factories.register(app):
        required_factors.demand_of(["staff"])
    come_in(client, service, "carrying")
    answer = client.get("/tasks/")
    if more:
        assert answer.status_code == 200
    else:
        assert answer.location.startswith("/account/second-factor/")


def test_a_form_whose_session_has_ended_goes_along(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, "staff", name="aino")
    form = pages.visit(factories.signed_in(app, "staff"), "/companies/new").form("/companies/new")
    form.client = client
    client.get("/login")
    kept = form.send(name="Typed Oy & <b>", headers={"Sec-Fetch-Site": "same-origin"})
    assert kept.status_code == 401
    signing = pages.read(client, kept).form("/login")
    signing.action = "/login/sso/"
    leading = pages.read(client, signing.send())
    address = leading.link("Go there").href
    assert "Typed" not in address
    back = came_back(client, service.walked(address, "aino"))
    going_on = pages.read(client, back.send()).form("/companies/new")
    assert going_on.fields["name"] == "Typed Oy & <b>"


def test_what_is_too_long_to_go_along_is_not_lost(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    token = pages.visit(client, "/login").form("/login").fields["csrf_token"]
    typed = "name=" + "".join(f"{number:x}" for number in range(20_000, 26_000))
    data = {"csrf_token": token, "to": "/companies/new", "typed": typed}
    answer = client.post("/login/sso/", data=data)
    assert answer.status_code == 422
    assert "too long to go along" in answer.text
    assert pages.read(client, answer).form("/login").fields["typed"] == typed


# --- what somebody else could try ------------------------------------------------------------


def test_an_answer_counts_once(app: Flask, client: FlaskClient, service: Service) -> None:
    factories.user(app, "staff", name="aino")
    address = service.walked(begun(client), "aino")
    form = came_back(client, address)
    kept = client.get_cookie("__Host-wesentra-sso", domain="localhost")
    assert kept
    assert form.send().status_code == 303
    thief = factories.browser(app)
    thief.set_cookie("__Host-wesentra-sso", kept.value, domain="localhost", secure=True)
    answer = came_back(thief, address).send()
    assert (answer.status_code, is_in(thief)) == (422, False)
    assert "That took too long." in answer.text


def test_an_answer_counts_in_the_browser_that_asked(
    app: Flask, client: FlaskClient, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever signs in as themself and sends the address to a colleague signs nobody in by it."""
    factories.user(app, "staff", name="aino")
    address = service.walked(begun(client), "aino")
    victim = factories.browser(app)
    assert came_back(victim, address).send().status_code == 422
    begun(victim)
    answer = came_back(victim, address).send()
    assert (answer.status_code, is_in(victim)) == (422, False)
    told = [f"single sign-on: {reason}" for reason in ("no sign-on under way", "state")]
    assert caplog.messages == told  # before the provider is asked, which would refuse as well
    assert said(app, answer) == [("sign_in_failed", ("sso",), "denied")]


def test_a_code_of_another_sign_on_is_not_taken(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    """Code injection: PKCE ties a code to the browser that asked for it."""
    factories.user(app, "staff", name="aino")
    stolen = came_back(client, service.walked(begun(client), "aino"))
    thief = factories.browser(app)
    own = came_back(thief, service.walked(begun(thief), "nobody"))
    answer = own.send(code=stolen.fields["code"])
    assert (answer.status_code, is_in(thief)) == (422, False)


def test_only_ten_minutes(app: Flask, client: FlaskClient, service: Service) -> None:
    factories.user(app, "staff", name="aino")
    form = came_back(client, service.walked(begun(client), "aino"))
    with clock.turned_to(clock.now() + timedelta(minutes=11)):
        answer = form.send()
    assert (answer.status_code, is_in(client)) == (422, False)
    assert "That took too long." in answer.text


def test_a_form_of_elsewhere_is_not_taken(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, "staff", name="aino")
    form = came_back(client, service.walked(begun(client), "aino"))
    assert form.send(csrf_token="x").status_code == 400
    assert not is_in(client)


@pytest.mark.parametrize(
    "onto",
    ["//evil.example/", "/search/?x=" + "y" * 4000, "https://evil.example/", "/\\evil.example"],
)
def test_nobody_is_led_to_another_site(
    app: Flask, client: FlaskClient, service: Service, onto: str
) -> None:
    factories.user(app, "staff", name="aino")
    assert come_in(client, service, "aino", f"/login/sso/?next={onto}").location == "/"


def test_the_address_there_tells_nothing_but_what_the_protocol_needs(
    client: FlaskClient, service: Service
) -> None:
    address = begun(client, "/login/sso/?next=/contacts/12")
    names = {one.partition("=")[0] for one in address.partition("?")[2].split("&")}
    assert names == {
        *("response_type", "client_id", "redirect_uri", "scope"),
        *("state", "nonce", "code_challenge", "code_challenge_method"),
    }
    assert "code_challenge_method=S256" in address
    assert "contacts" not in address


def test_going_there_and_coming_back_changes_nothing_by_itself(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    factories.user(app, "staff", name="aino")
    address = service.walked(begun(client), "aino")
    client.get(path_of(address))
    assert not is_in(client)
    assert links(app) == []


def test_no_from_the_service_is_a_sentence(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    state = begun(client).partition("state=")[2].partition("&")[0]
    address = f"https://localhost/login/sso/back?error=access_denied&state={state}"
    answer = came_back(client, address).send()
    assert "The sign-in service did not let you in." in answer.text
    assert pages.read(client, answer).form("/login")


def test_nothing_secret_is_on_pages_in_the_log_or_on_the_settings(
    app: Flask, client: FlaskClient, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    factories.user(app, "staff", name="aino")
    answer = come_in(client, service, "nobody")
    assert caplog.messages == ["single sign-on: no account of this name"]
    assert "nobody" not in caplog.text
    rows = [str(vars(entry.row)) for entry in factories.entries_of(app, answer)]
    assert rows
    assert not any("nobody" in row.replace("'role': 'nobody'", "") for row in rows)
    assert SECRET not in repr(app.extensions["wesentra_settings"])


@sqlite_only
def test_who_is_signed_in_is_led_on(app: Flask, service: Service) -> None:
    client = factories.signed_in(app, "staff")
    assert client.get("/login/sso/").location == "/"
