"""The log read by person, by user and by oneself: whole, within one's rights, and with a trace."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from wesentra import clock
from wesentra.audit.ledger import Handling, Hour
from wesentra.compliance.access_log import activity
from wesentra.crm.contacts import leaving
from wesentra.crm.contacts import queries as contact_queries
from wesentra.limits import ReviewLimits

OTHER = "bertta"


@pytest.fixture
def aino(app: Flask) -> int:
    """A contact whom somebody of the staff has found in a list and opened."""
    number = factories.person(app, "Sylvi", "Salainen", email="sylvi@salainen.example")
    staff = factories.signed_in(app, "staff", name=OTHER)
    assert staff.get("/contacts/").status_code == 200
    assert staff.get(f"/contacts/{number}").status_code == 200
    return number


@pytest.fixture
def auditor(app: Flask) -> FlaskClient:
    return factories.signed_in(app, "auditor")


def stats(page: pages.Page, label: str) -> str:
    """The figure that stands above a label."""
    found = re.search(rf'stat-value">(\d+)</span>\s*<a [^>]*>{label}<', page.response.text)
    assert found, label
    return found[1]


# --- everything about one person ---------------------------------------------------------------


def test_a_person_s_page_tells_openings_apart_from_lists(
    app: Flask, aino: int, auditor: FlaskClient
) -> None:
    answer = auditor.get(f"/log/people/{aino}")
    page = pages.read(auditor, answer)
    assert stats(page, "Opened") == "1"
    assert stats(page, "Seen in lists") == "1"
    assert stats(page, "Exported") == "0"
    assert f"Tester {OTHER}" in page.text
    assert "Salainen" not in answer.text
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.subject_type, entry.ids) == ("log_read", "contact", (aino,))


def test_its_filters_stand_in_the_address_and_stay_with_the_person(
    app: Flask, aino: int, auditor: FlaskClient
) -> None:
    other = factories.person(app, "Toinen", "Ihminen")
    factories.signed_in(app, "staff").get(f"/contacts/{other}")
    page = pages.visit(auditor, f"/log/people/{aino}?operation=view&contact={other}")
    assert [link.text for link in page.links if link.href == f"/log/people/{aino}"].count(
        str(aino)
    ) == 1
    assert f"/log/people/{other}" not in [link.href for link in page.links]
    assert auditor.get(f"/log/people/{aino}?from=yesterday").status_code == 422


def test_somebody_who_is_gone_from_the_register_still_has_the_page(app: Flask, aino: int) -> None:
    with factories.register(app):
        leaving.remove(contact_queries.to_change(aino))
    auditor = factories.signed_in(app, "auditor")
    assert "Tester bertta" in pages.visit(auditor, f"/log/people/{aino}").text
    assert "Opened" in pages.visit(auditor, f"/log/people/{aino}/answer").text


def test_a_number_that_nobody_had_has_an_empty_page_and_is_tied_to_nobody(
    app: Flask, auditor: FlaskClient
) -> None:
    answer = auditor.get("/log/people/5000")
    assert "No such entries." in answer.text
    (entry,) = factories.entries_of(app, answer)
    assert (entry.subject_type, entry.ids) == ("log", ())
    assert "Your data were not handled" in auditor.get("/log/people/5000/answer").text


# --- as the person is told it -------------------------------------------------------------------


def test_the_person_is_told_days_purposes_and_roles_and_no_names(
    app: Flask, aino: int, auditor: FlaskClient
) -> None:
    user = factories.user_id(app, OTHER)
    page = pages.visit(auditor, f"/log/people/{aino}/answer")
    for words in ("customer service", "staff", "Opened", "Seen in a list"):
        assert words in page.text
    for format_ in ("csv", "json"):
        file = auditor.get(f"/log/people/{aino}/answer/export?format={format_}")
        assert file.status_code == 200
        for text in (page.response.text, file.text):
            assert OTHER not in text
            assert "Salainen" not in text
            assert f"/log/users/{user}" not in text
            assert "127.0.0.1" not in text


def test_the_answer_speaks_the_person_s_language_and_its_keys_stay(
    app: Flask, aino: int, auditor: FlaskClient
) -> None:
    page = pages.visit(auditor, f"/log/people/{aino}/answer?language=sv")
    assert '<html lang="sv"' in page.response.text
    assert "kundservice" in page.text.lower()
    url = f"/log/people/{aino}/answer/export?language=fi&format="
    rows = list(csv.DictReader(io.StringIO(auditor.get(f"{url}csv").text[1:]), delimiter=";"))
    opened = next(row for row in rows if row["operation"] == "view")
    assert opened["operation_text"] == "Avattu"
    assert opened["purpose_text"] == "asiakaspalvelu"
    document = json.loads(auditor.get(f"{url}json").text)
    assert document["language"] == "fi"
    assert {"at", "operation", "purpose", "role"} <= document["handlings"][0].keys()
    for at in (document["generated_at"], *(each["at"] for each in (*document["handlings"], *rows))):
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+0[23]:00$", at), at
    assert auditor.get(f"/log/people/{aino}/answer?language=xx").status_code == 200
    assert auditor.get(f"{url}pdf").status_code == 422


def test_making_the_answer_is_an_entry_for_the_request(
    app: Flask, aino: int, auditor: FlaskClient
) -> None:
    for url, operation in (("answer", "log_read"), ("answer/export?format=json", "log_export")):
        (entry,) = factories.entries_of(app, auditor.get(f"/log/people/{aino}/{url}"))
        assert (entry.operation, entry.ids) == (operation, (aino,))
        assert entry.row.purpose == "subject_request"
        assert "answer" in entry.fields


def test_equal_handlings_of_a_day_are_one_line() -> None:
    at = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)  # half past midnight in Finland
    looks = [Handling(at + timedelta(hours=n), "view", "sales", "staff") for n in (0, 1, 30)]
    assert [(line.day, line.count) for line in activity.told(looks)] == [
        (date(2026, 11, 23), 1),
        (date(2026, 11, 22), 2),
    ]


# --- everything one user did --------------------------------------------------------------------


def test_a_user_s_page_has_days_kinds_and_purposes(
    app: Flask, aino: int, auditor: FlaskClient
) -> None:
    user = factories.user_id(app, OTHER)
    answer = auditor.get(f"/log/users/{user}")
    page = pages.read(auditor, answer)
    assert f"Everything that Tester {OTHER} did" in page.heading
    assert stats(page, "Opened") == "1"
    assert "customer service" in page.text
    today = clock.today()
    assert f"/log/users/{user}?from={today}&to={today}" in [link.href for link in page.links]
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.subject_type, entry.ids) == ("log_read", "user", (user,))


def test_without_days_a_user_s_page_shows_the_last_thirty(app: Flask, auditor: FlaskClient) -> None:
    long_ago = clock.now() - timedelta(days=40)
    with clock.turned_to(long_ago):
        factories.signed_in(app, "staff", name=OTHER).get("/contacts/")
    user = factories.user_id(app, OTHER)
    assert "No such entries." in auditor.get(f"/log/users/{user}").text
    day = long_ago.astimezone(clock.HELSINKI).date()
    assert "Signed in" in pages.visit(auditor, f"/log/users/{user}?from={day}").text
    assert "Signed in" in pages.visit(auditor, f"/log/users/{user}?to={day}").text
    assert auditor.get(f"/log/users/{user}?to=0001-01-01").status_code == 200


def test_there_is_no_page_of_a_user_who_never_was(auditor: FlaskClient) -> None:
    assert auditor.get("/log/users/5000").status_code == 404


def test_unusual_hours_are_days_off_and_what_the_settings_leave_out() -> None:
    """The review's rule and the pages of the log ask the same function."""

    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 11, day, hour, tzinfo=clock.HELSINKI)

    limits = ReviewLimits()
    hours = [Hour(at(20, 3), "view", "sales", True, 4), Hour(at(20, 9), "list", "sales", False, 2)]
    found = activity.doing(hours, limits)
    assert (found.unusual, found.denied, found.kinds) == (4, 2, {"opened": 4, "listed": 2})
    assert found.days[0].counts == {"opened": 4, "listed": 2}
    assert activity.doing(hours, ReviewLimits(review_hour_from=3)).unusual == 0
    assert activity.doing(hours, ReviewLimits(review_hour_from=10)).unusual == 6
    christmas_eve = datetime(2026, 12, 24, 12, tzinfo=clock.HELSINKI)  # a Thursday
    for moment in (at(21, 12), christmas_eve):
        assert activity.doing([Hour(moment, "view", "sales", True, 1)], limits).unusual == 1


def test_a_user_s_page_says_which_hours_are_unusual(
    app: Flask, aino: int, auditor: FlaskClient
) -> None:
    user = factories.user_id(app, OTHER)
    assert "any time other than 6–20 o’clock" in auditor.get(f"/log/users/{user}").text
    given = app.extensions["wesentra_settings"]
    changed = replace(given, review_hour_from=7, review_hour_to=16)
    app.extensions["wesentra_settings"] = changed
    try:
        assert "any time other than 7–16 o’clock" in auditor.get(f"/log/users/{user}").text
    finally:
        app.extensions["wesentra_settings"] = given


# --- one's own log ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["staff", "privacy", "admin", "auditor", None])
def test_everybody_sees_their_own_log_and_reading_it_is_an_entry(
    app: Flask, role: str | None
) -> None:
    client = factories.signed_in(app, *filter(None, [role]), name="minna")
    user = factories.user_id(app, "minna")
    led = [link.href for link in pages.visit(client, "/account/").links]
    assert "/log/own" in led
    answer = client.get("/log/own")
    assert "Signed in" in answer.text
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.subject_type, entry.ids) == ("log_read", "user", (user,))
    own = pages.read(client, answer)
    requests = [link.href for link in own.links if link.href.startswith("/log/own/requests/")]
    assert "Signed in" in pages.visit(client, requests[-1]).text


@pytest.mark.parametrize("role", ["staff", "admin", "privacy", None])
def test_no_parameter_leads_from_one_s_own_log_to_somebody_else_s(
    app: Flask, aino: int, role: str | None
) -> None:
    other = factories.user_id(app, OTHER)
    theirs = [entry.row for entry in factories.entries(app) if entry.row.actor_id == other]
    client = factories.signed_in(app, *filter(None, [role]))
    tries = [
        f"user={other}",
        "user=0",
        f"contact={aino}",
        f"contact={aino}&user={other}",
        f"before={theirs[-1].id + 1}",
        f"request={theirs[-1].request_id}",
        f"fixed={other}&user_id={other}&actor={other}",
        "operation=view&from=2020-01-01",
    ]
    for query in tries:
        text = client.get(f"/log/own?{query}").text
        assert not [row for row in theirs if f"/requests/{row.request_id}" in text], query
        assert OTHER not in text
        for format_ in ("csv", "jsonl"):
            text = client.get(f"/log/own/export?{query}&format={format_}").text
            assert not [row for row in theirs if row.request_id in text], query
            assert OTHER not in text
    for row in theirs:
        assert client.get(f"/log/own/requests/{row.request_id}").status_code == 404
    assert client.get("/log/own/requests/%00").status_code == 404


@pytest.mark.parametrize("role", ["staff", "admin", None])
def test_pages_of_others_stay_closed(app: Flask, aino: int, role: str | None) -> None:
    client = factories.signed_in(app, *filter(None, [role]))
    own = factories.user_id(app, OTHER)
    for url in (f"people/{aino}", f"people/{aino}/answer", f"users/{own}"):
        answer = client.get(f"/log/{url}")
        assert answer.status_code == 403, url
        assert [entry.operation for entry in factories.entries_of(app, answer)] == ["denied"]
    assert client.get(f"/log/people/{aino}/answer/export").status_code == 403


def test_people_in_one_s_own_log_can_be_opened_by_those_who_may(app: Flask, aino: int) -> None:
    staff = factories.signed_in(app, "staff")
    staff.get(f"/contacts/{aino}")
    led = [link.href for link in pages.visit(staff, "/log/own").links]
    assert f"/contacts/{aino}" in led
    assert not [href for href in led if href.startswith(("/log/people", "/log/users"))]
    admin = factories.signed_in(app, "admin")
    led = [link.href for link in pages.visit(admin, "/log/own").links]
    assert not [href for href in led if href.startswith(("/contacts/", "/log/users"))]


def test_one_s_own_log_goes_out_as_a_table_and_as_json_lines(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="minna")
    user = factories.user_id(app, "minna")
    answer = client.get("/log/own/export?format=jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert {line["actor_id"] for line in lines} == {user}
    assert not {"salt", "hash", "prev"} & lines[0].keys()
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.subject_type, entry.ids) == ("log_export", "user", (user,))
    rows = csv.DictReader(io.StringIO(client.get("/log/own/export").text[1:]), delimiter=";")
    assert "Signed in" in [row["operation_text"] for row in rows]
    assert client.get("/log/own/export?format=pdf").status_code == 422
    assert client.get("/log/own/export?from=x").status_code == 422


# --- one request --------------------------------------------------------------------------------


def test_one_request_tells_in_words_what_was_on_the_page(
    app: Flask, aino: int, auditor: FlaskClient
) -> None:
    staff = factories.signed_in(app, "staff", name="minna")
    request_id = staff.get(f"/contacts/{aino}").headers["X-Request-ID"]
    page = pages.visit(staff, f"/log/own/requests/{request_id}")
    assert "/contacts/…" in page.text
    assert "E-mail" in page.text
    assert f"/contacts/{aino}" in [link.href for link in page.links]
    granted = factories.signed_in(app, "admin")
    form = pages.visit(granted, f"/settings/users/{factories.user_id(app, 'minna')}").forms
    give = next(one for one in form if one.action.endswith("/grant"))
    said = give.send(role="auditor", reason="reviews").headers["X-Request-ID"]
    assert "Role given: auditor" in pages.visit(auditor, f"/log/requests/{said}").text
