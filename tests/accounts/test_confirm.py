"""An open screen is not its user: before files, deletion and accounts one shows who one is."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.accounts.authenticating import code, set_up
from wesentra import clock
from wesentra.accounts import actions, freshness, throttle
from wesentra.actor import Showing
from wesentra.audit.entry import SHOWS
from wesentra.models import Contact, UserSession, db
from wesentra.settings import Settings
from wesentra.web.csrf import SESSION_COOKIE

CONFIRM = "/account/confirm/"
UNASKED = {
    "subject_requests.index": "says what can be asked for, and shows nobody",
    "staff_notice.note_hearing": "notes that the staff was heard, and changes nothing else",
}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of somebody who does everything."""
    return factories.signed_in(app, "staff", "privacy", "admin", name="minna")


def soon() -> object:
    return clock.turned_to(clock.now() + timedelta(minutes=11))


def token_of(client: FlaskClient) -> str:
    cookie = client.get_cookie(SESSION_COOKIE, domain="localhost")
    assert cookie
    return cookie.value


def confirmed(client: FlaskClient, address: str, **values: str) -> str:
    """Where one is led after the password."""
    answer = pages.visit(client, address).form(CONFIRM).send(**values)
    return answer.location if answer.status_code == 303 else str(answer.status_code)


def test_every_way_out_of_the_register_asks_who_one_is(app: Flask) -> None:
    """Files, deletion and settings: by what a page does, so that no new one forgets it."""
    careless = []
    for rule in app.url_map.iter_rules():
        need = getattr(app.view_functions[rule.endpoint], "need", None)
        if need is None or need.fresh:
            continue
        out = need.shows is Showing.EXPORT or need.permission.endswith((".export", ".delete"))
        sets = rule.rule.startswith("/settings/") and "POST" in (rule.methods or ())
        if out or sets or need.permission == "settings.write":
            careless.append(rule.endpoint)
    assert sorted(careless) == sorted(UNASKED)


@pytest.mark.parametrize(
    "address", ["/contacts/1/delete", "/settings/users/new", "/settings/users/1/disable"]
)
def test_after_ten_minutes_it_is_asked_and_one_comes_back(
    app: Flask, client: FlaskClient, address: str
) -> None:
    factories.person(app)
    assert client.get(address).status_code == 200
    with soon():
        answer = client.get(address)
        assert answer.status_code == 303
        assert answer.location.startswith(CONFIRM)
        assert not [e for e in factories.entries_of(app, answer) if e.operation in SHOWS]
        assert confirmed(client, answer.location, password=factories.PASSWORD) == address
        assert client.get(address).status_code == 200
    with clock.turned_to(clock.now() + timedelta(minutes=22)):
        assert client.get(address).status_code == 303


def test_a_file_waits_behind_a_link(client: FlaskClient) -> None:
    with soon():
        answer = client.get("/log/export?format=csv")
        form = pages.visit(client, answer.location).form(CONFIRM)
        page = pages.read(client, form.send(password=factories.PASSWORD))
        (link,) = [link for link in page.links if link.href == "/log/export?format=csv"]
        with client.get(link.href) as file:
            assert file.mimetype == "text/csv"


def test_what_was_typed_goes_along(app: Flask, client: FlaskClient) -> None:
    form = pages.visit(client, "/settings/users/new").form("/settings/users/new")
    with soon():
        answer = form.send(name="newcomer", full_name="New", roles=["staff"], reason="began")
        assert answer.status_code == 403
        page = pages.read(client, answer)
        wrong = pages.read(client, page.form(CONFIRM).send(password="not this one"))
        going_on = pages.read(client, wrong.form(CONFIRM).send(password=factories.PASSWORD))
        made = going_on.form("/settings/users/new").send()
        assert made.status_code == 200
    assert factories.user_id(app, "newcomer")


def test_a_deletion_that_waits_deletes_nobody(app: Flask, client: FlaskClient) -> None:
    number = factories.person(app)
    form = pages.visit(client, f"/contacts/{number}/delete").form(f"/contacts/{number}/delete")
    with soon():
        answer = form.send()
        assert answer.status_code == 403
        assert people(app) == 1
        going_on = pages.read(client, answer).form(CONFIRM).send(password=factories.PASSWORD)
        assert people(app) == 1
        pages.read(client, going_on).form(f"/contacts/{number}/delete").send()
    assert people(app) == 0


def people(app: Flask) -> int:
    """How many there are, but for those who were deleted and wait."""
    with factories.register(app):
        return len(db.session.scalars(db.select(Contact)).all())


def test_htmx_leaves_what_was_typed_on_its_page(client: FlaskClient) -> None:
    form = pages.visit(client, "/settings/users/new").form("/settings/users/new")
    with soon():
        answer = form.send(name="newcomer", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (403, "#flash")
    assert "What you typed still stands here." in answer.text


@pytest.mark.usefixtures("standing_clock")
def test_a_wrong_password_is_an_entry_and_is_slowed_down(app: Flask, client: FlaskClient) -> None:
    form = pages.visit(client, CONFIRM).form(CONFIRM)
    for _ in range(throttle.FREE):
        answer = form.send(password="not this one")
        assert answer.status_code == 422
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.fields, entry.row.outcome) == (
        "sign_in_failed",
        ("confirmed",),
        "denied",
    )
    assert "Too many wrong tries" in form.send(password=factories.PASSWORD).text
    with soon():
        assert client.get("/settings/users/new").status_code == 303


@pytest.mark.parametrize("typed", ["", " "])
def test_nothing_confirms_nothing(client: FlaskClient, typed: str) -> None:
    assert confirmed(client, CONFIRM, password=typed) == "422"


def test_a_code_is_enough_for_who_has_an_app(app: Flask, client: FlaskClient) -> None:
    secret, _ = set_up(client)
    with soon():
        assert client.get("/settings/users/new").status_code == 303
        assert confirmed(client, CONFIRM, code="000000") == "422"
        assert confirmed(client, CONFIRM, code=code(secret)) == "/"
        assert client.get("/settings/users/new").status_code == 200


def test_a_code_of_nobody_is_not_asked_for(client: FlaskClient) -> None:
    form = pages.visit(client, CONFIRM).form(CONFIRM)
    assert "code" not in form.names
    form.names.append("code")
    assert form.send(code="123456").status_code == 422


def test_who_may_not_is_told_so_and_not_asked(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    with soon():
        assert client.get("/settings/users/new").status_code == 403


def test_a_session_that_ended_while_the_password_was_verified_is_no_fault(app: Flask) -> None:
    name = factories.user(app, "staff")
    with factories.register(app):
        freshness.renew(4711, actions.named(name).id)


def test_one_browser_confirms_for_itself_only(app: Flask, client: FlaskClient) -> None:
    other = factories.browser(app)
    factories.sign_in(other, "minna")
    with soon():
        confirmed(other, CONFIRM, password=factories.PASSWORD)
        assert client.get("/settings/users/new").status_code == 303


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/log/export"])
def test_nobody_is_led_to_another_site(client: FlaskClient, elsewhere: str) -> None:
    assert confirmed(client, CONFIRM, password=factories.PASSWORD, next=elsewhere) == "/"


def test_that_it_was_shown_is_an_entry(app: Flask, client: FlaskClient) -> None:
    answer = pages.visit(client, CONFIRM).form(CONFIRM).send(password=factories.PASSWORD)
    assert [(e.operation, e.fields) for e in factories.entries_of(app, answer)] == [
        ("account", ("confirmed",))
    ]


def test_who_shows_who_they_are_gets_another_token(app: Flask, client: FlaskClient) -> None:
    """A token that somebody stole before does not become one that may do what asks for it."""
    address = "/settings/users/new"
    with soon():
        stolen, thief = token_of(client), factories.browser(app)
        thief.set_cookie(SESSION_COOKIE, stolen, domain="localhost", secure=True)
        assert confirmed(client, CONFIRM, password=factories.PASSWORD) == "/"
        assert token_of(client) != stolen
        assert client.get(address).status_code == 200
        assert thief.get(address).location.startswith(CONFIRM)
        page = pages.visit(client, "/account/sessions/")
        assert page.text.count("this one") == 1
        assert not [form for form in page.forms if form.action.endswith("/end")]
    with clock.turned_to(clock.now() + timedelta(minutes=11, seconds=31)):
        assert thief.get("/").location == "/login"
        assert client.get(address).status_code == 200


def test_a_form_that_is_sent_twice_begins_one_session(app: Flask, client: FlaskClient) -> None:
    with soon():
        before = token_of(client)
        form = pages.visit(client, CONFIRM).form(CONFIRM)
        tokens = set()
        for _ in range(2):
            client.set_cookie(SESSION_COOKIE, before, domain="localhost", secure=True)
            assert form.send(password=factories.PASSWORD).status_code == 303
            tokens.add(token_of(client))
        assert len(tokens) == 1
        assert client.get("/settings/users/new").status_code == 200
    with app.app_context():
        assert db.session.query(UserSession).count() == 2  # the one before has half a minute left


def test_showing_it_makes_no_session_longer(client: FlaskClient, settings: Settings) -> None:
    begun = clock.now()
    ends = begun + timedelta(hours=settings.session_hours)
    moment = begun
    while moment < ends - timedelta(minutes=50):
        moment += timedelta(minutes=45)
        with clock.turned_to(moment):
            assert confirmed(client, CONFIRM, password=factories.PASSWORD) == "/"
    with clock.turned_to(ends + timedelta(seconds=2)):
        assert client.get("/").location == "/login"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("address", ["/log/export?format=csv", "/settings/users/1/disable"])
def test_a_page_of_another_site_leads_to_the_question_and_to_nothing_else(
    app: Flask, client: FlaskClient, site: str, address: str
) -> None:
    """It cannot ask for files in the name of who visits it, however lately they have signed in."""
    answer = client.get(address, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 303
    assert answer.location.startswith(CONFIRM)
    assert factories.entries_of(app, answer) == []
    with client.get(address, headers={"Sec-Fetch-Site": "same-origin"}) as own:
        assert own.status_code == 200
