"""The notice about logging: before everything else, once a version, and nothing typed is lost."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import factories, pages
from wesentra.accounts import log_notice
from wesentra.models import NoticeAcknowledgement, Task, db
from wesentra.models.attribution import seen_by_program

NOTICE = "/account/log-notice/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of somebody of the staff who came in for the first time."""
    name = factories.user(app, "staff", name="uusi", informed=False)
    found = factories.browser(app)
    factories.sign_in(found, name)
    return found


def read(client: FlaskClient, answer: TestResponse | None = None) -> TestResponse:
    """Say that the notice was read."""
    page = pages.read(client, answer) if answer else pages.visit(client, NOTICE)
    return page.form(NOTICE).send()


def acknowledged(app: Flask) -> list[tuple[int, int]]:
    with app.app_context():
        rows = db.session.execute(
            select(NoticeAcknowledgement.user_id, NoticeAcknowledgement.version)
        ).all()
        return [(user, version) for user, version in rows]


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notice has got another version."""
    monkeypatch.setattr(log_notice, "LOG_NOTICE", 2)


def keep_for(app: Flask, months: int) -> None:
    """The setting says from now on how long the log is kept."""
    settings = app.extensions["wesentra_settings"]
    app.extensions["wesentra_settings"] = replace(settings, log_months=months)


def test_every_page_leads_to_the_notice_until_it_was_read(app: Flask, client: FlaskClient) -> None:
    person = factories.person(app, "Sylvi", "Salainen")
    for url in ("/", "/contacts/", f"/contacts/{person}", "/account/", "/log/", "/tasks/?before=x"):
        answer = client.get(url)
        assert answer.status_code == 303, url
        assert answer.location.startswith(NOTICE)
        assert factories.entries_of(app, answer) == []
    assert client.get(f"/contacts/{person}").location == f"{NOTICE}?next=%2Fcontacts%2F{person}"


def test_htmx_is_led_there_as_a_whole_page(client: FlaskClient) -> None:
    answer = client.get("/contacts/", headers=HTMX)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"{NOTICE}?next=%2Fcontacts%2F"


def test_reading_it_leads_to_where_one_wanted_to_go(app: Flask, client: FlaskClient) -> None:
    led = client.get("/tasks/")
    answer = read(client, client.get(led.location))
    assert (answer.status_code, answer.location) == (303, "/tasks/")
    own = factories.user_id(app, "uusi")
    assert acknowledged(app) == [(own, 1)]
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.subject_type, entry.ids) == ("notice", "user", (own,))
    assert set(entry.fields) == {"notice:1", "months:24"}
    assert client.get("/tasks/").status_code == 200


def test_it_leads_to_no_other_site(client: FlaskClient) -> None:
    answer = read(client, client.get(f"{NOTICE}?next=https://elsewhere.example/"))
    assert answer.location == "/"


def test_reading_it_twice_is_once(app: Flask, client: FlaskClient) -> None:
    form = pages.visit(client, NOTICE).form(NOTICE)
    assert form.send().status_code == 303
    again = form.send()
    assert again.status_code == 303
    assert factories.entries_of(app, again) == []
    assert len(acknowledged(app)) == 1


def test_one_may_leave_without_having_read_it(client: FlaskClient) -> None:
    form = pages.visit(client, NOTICE).form("/logout")
    assert form.send().location == "/login"


@pytest.mark.parametrize(
    ("code", "words"), [("fi", "Mitä lokiin jää"), ("sv", "Vad som loggas"), ("en", "Who reads it")]
)
def test_it_can_be_read_in_each_language_before_the_account_says_so(
    app: Flask, client: FlaskClient, code: str, words: str
) -> None:
    form = pages.visit(client, f"{NOTICE}?next=/tasks/").form(NOTICE)
    form.names.append("language")
    answer = form.send(language=code)
    assert answer.status_code == 200
    assert words in answer.text
    assert f'<html lang="{code}"' in answer.text
    assert acknowledged(app) == []
    assert read(client, answer).location == "/tasks/"


def test_a_new_version_asks_again(app: Flask, request: pytest.FixtureRequest) -> None:
    client = factories.signed_in(app, "staff")
    assert client.get("/").status_code == 200
    request.getfixturevalue("newer")
    assert client.get("/").location == NOTICE


def test_another_time_for_which_the_log_is_kept_asks_again_each_time(
    app: Flask, client: FlaskClient
) -> None:
    assert read(client).status_code == 303
    for months in (60, 24, 60):
        keep_for(app, months)
        led = client.get("/")
        assert led.location == NOTICE
        assert f"{months} months" in client.get(NOTICE).text
        assert read(client).status_code == 303
        assert client.get("/").status_code == 200
    with app.app_context():
        said = db.session.scalars(select(NoticeAcknowledgement.months)).all()
    assert said == [24, 60, 24, 60]


def test_what_stood_on_the_page_about_the_time_must_hold(app: Flask, client: FlaskClient) -> None:
    form = pages.visit(client, NOTICE).form(NOTICE)
    keep_for(app, 60)
    answer = form.send()
    assert answer.status_code == 422
    assert "The notice has changed meanwhile." in answer.text
    assert acknowledged(app) == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_tells_the_purpose_and_the_methods_and_invents_no_duty(
    app: Flask, client: FlaskClient, language: str
) -> None:
    """759/2004, section 21: what for and how. No law says that looks have to be logged."""
    form = pages.visit(client, NOTICE).form(NOTICE)
    form.names.append("language")
    text = form.send(language=language).text
    told = {
        "fi": (
            "32 artikla",
            "Miten lokia valvotaan",
            "satunnaisotoksen",
            "sukunim",
            "verkko-osoite",
        ),
        "sv": ("artikel 32", "Hur loggen övervakas", "stickprov", "efternamn", "nätverksadress"),
        "en": ("Article 32", "How the log is watched", "random sample", "surname", "network"),
    }
    assert [words for words in told[language] if words not in text] == []
    for claim in ("velvoittaa", "förpliktar", "obliges", "laki vaatii"):
        assert claim not in text


def test_what_was_read_must_be_what_holds(
    app: Flask, client: FlaskClient, request: pytest.FixtureRequest
) -> None:
    form = pages.visit(client, NOTICE).form(NOTICE)
    request.getfixturevalue("newer")
    answer = form.send()
    assert answer.status_code == 422
    assert "The notice has changed meanwhile." in answer.text
    assert acknowledged(app) == []
    assert read(client, answer).status_code == 303
    assert [version for _, version in acknowledged(app)] == [2]


def test_a_form_that_was_open_goes_along(app: Flask, request: pytest.FixtureRequest) -> None:
    """A new version came while somebody was typing."""
    client = factories.signed_in(app, "staff")
    person = factories.person(app)
    form = pages.visit(client, f"/tasks/new?contact={person}").form("/tasks/new")
    request.getfixturevalue("newer")
    answer = form.send(text='Kysy "hinta" & <b>aika</b>')
    assert answer.status_code == 403
    assert "It goes along" in answer.text
    assert factories.entries_of(app, answer) == []
    in_swedish = pages.read(client, answer).form(NOTICE)
    in_swedish.names.append("language")
    going_on = read(client, in_swedish.send(language="sv"))
    assert "<b>" not in going_on.text
    assert pages.read(client, going_on).form("/tasks/new").send().status_code == 303
    assert texts_of_tasks(app) == ['Kysy "hinta" & <b>aika</b>']


def texts_of_tasks(app: Flask) -> list[str]:
    with factories.register(app):
        asked = select(Task.text)
        return list(db.session.scalars(asked, execution_options=seen_by_program("figure")))


def test_htmx_leaves_what_was_typed_on_its_page(app: Flask, request: pytest.FixtureRequest) -> None:
    client = factories.signed_in(app, "staff")
    person = factories.person(app)
    form = pages.visit(client, f"/tasks/new?contact={person}").form("/tasks/new")
    request.getfixturevalue("newer")
    answer = form.send(text="Soita", headers=HTMX)
    assert answer.status_code == 403
    assert answer.headers["HX-Retarget"] == "#flash"
    assert "What you typed still stands here." in answer.text
    assert texts_of_tasks(app) == []


def test_it_stays_to_be_read_afterwards(app: Flask) -> None:
    for role in ("staff", "privacy", "admin", "auditor", None):
        client = factories.signed_in(app, *filter(None, [role]))
        page = pages.visit(client, NOTICE)
        assert "24 months" in page.text
        assert "I have read this" not in page.text
