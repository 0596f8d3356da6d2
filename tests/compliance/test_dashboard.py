"""The dashboard: figures that are right, lead to their evidence, and never turn nothing into 0."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from wesentra import clock
from wesentra.accounts import actions as account_actions
from wesentra.audit import ledger
from wesentra.compliance.dashboard import checks, rights
from wesentra.models import Contact, ImportJob, db
from wesentra.models.codes import Role


def figure(page: pages.Page, label: str) -> str:
    """The number that stands before a label."""
    found = re.search(rf"(\S+) {re.escape(label)}", page.text)
    assert found, page.text
    return found.group(1)


def evidence(client: FlaskClient, page: pages.Page, label: str) -> int:
    """How many entries the figure's link leads to."""
    answer = client.get(page.link(label).href.replace("/log/?", "/log/export?format=jsonl&"))
    return len(answer.text.splitlines())


def test_on_day_one_everything_is_calm(app: Flask) -> None:
    page = pages.visit(factories.signed_in(app, "auditor"), "/dashboard/")
    assert "Nobody’s data were handled in this period." in page.text
    assert "Nobody was exported in this period." in page.text
    assert "too few days to say what is usual" in page.text
    assert "There is nobody in the register yet, so nothing was measured." in page.text
    assert "The access log begins on" in page.text
    assert "not measured of looks with a purpose stated" in page.text
    assert figure(page, "times somebody’s data were opened") == "0"


def test_each_figure_equals_the_number_of_entries_it_leads_to(app: Flask) -> None:
    first, second = factories.person(app), factories.person(app, "Matti", "Meikäläinen")
    staff = factories.signed_in(app, "staff", name="bertta")
    for url in (f"/contacts/{first}", f"/contacts/{first}", f"/contacts/{second}", "/contacts/"):
        staff.get(url)
    staff.get("/log/")
    auditor = factories.signed_in(app, "auditor")
    page = pages.visit(auditor, "/dashboard/")
    expected = {
        "times somebody’s data were opened": 3,
        "lists and search results": 1,
        "denied or failed": 1,
    }
    for label, number in expected.items():
        assert figure(page, label) == str(number)
        assert evidence(auditor, page, label) == number
    people = pages.visit(auditor, page.link("People whose data were opened").href)
    assert f"Contact Times opened {first} 2 {second} 1" in people.text


def test_it_names_users_and_numbers_people(app: Flask) -> None:
    number = factories.person(app, "Sylvi", "Salainen")
    factories.signed_in(app, "staff", name="bertta").get(f"/contacts/{number}")
    auditor = factories.signed_in(app, "auditor")
    for url in (
        "/dashboard/",
        "/dashboard/looks",
        "/dashboard/people",
        "/dashboard/checks",
        "/dashboard/rights",
    ):
        answer = auditor.get(url)
        assert answer.status_code == 200
        assert "Salainen" not in answer.text


def test_the_period_can_be_chosen(app: Flask) -> None:
    auditor = factories.signed_in(app, "auditor")
    for days in (7, 30, 365):
        page = pages.visit(auditor, f"/dashboard/?days={days}")
        first = clock.today() - timedelta(days=days - 1)
        assert f"from={first}" in page.link("denied or failed").href
    assert pages.visit(auditor, "/dashboard/?days=nonsense").heading == "Dashboard"


def test_the_dashboard_itself_is_an_entry(app: Flask) -> None:
    answer = factories.signed_in(app, "auditor").get("/dashboard/")
    found = [entry.operation for entry in factories.entries_of(app, answer)]
    assert "log_read" in found
    assert not {"view", "list"} & set(found)


# --- checks ---------------------------------------------------------------------------------


def checked(app: Flask) -> checks.Checked:
    with factories.register(app):
        return checks.checked()


def test_a_person_is_checked_once_however_many_fields_were_asked_about(app: Flask) -> None:
    with factories.register(app):
        one, two, _three, four = (factories.contact("A", f"B{number}") for number in range(4))
        factories.check(one, "email", "confirmed")
        factories.check(one, "phone", "corrected")
        factories.check(two, "note", "removed")
        factories.check(four, "email", "skipped", reason="no_time")
    found = checked(app)
    assert (found.people, found.of, found.share) == (2, 4, 50.0)
    assert found.outcomes == {"confirmed": 1, "corrected": 1, "removed": 1, "skipped": 1}
    assert found.reasons == {"no_time": 1}


def test_what_was_checked_more_than_a_year_ago_does_not_count(app: Flask) -> None:
    with factories.register(app):
        one = factories.contact()
        factories.check(one, at=clock.now() - timedelta(days=366))
    assert checked(app).people == 0


def test_who_is_restricted_stays_in_the_register_and_is_told_apart(app: Flask) -> None:
    with factories.register(app):
        one, two, three, free = (factories.contact("A", f"B{number}") for number in range(4))
        for each in (one, two, free):
            factories.check(each)
        before = checks.checked()
        factories.restriction(one)
        factories.restriction(three)
        factories.restriction(free, lifted_at=clock.now())
        everybody = {one.id, two.id, free.id}
    found = checked(app)
    assert (found.people, found.of) == (before.people, before.of) == (3, 4)
    assert found.restricted == 2
    with factories.register(app):
        assert {each.contact_id for each in checks.evidence(checks.CHECKED).checks} == everybody
    privacy = pages.visit(factories.signed_in(app, "privacy"), "/dashboard/")
    assert privacy.link("2 people in the register are restricted").href == "/restrictions/"
    auditor = pages.visit(factories.signed_in(app, "auditor"), "/dashboard/")
    assert "restricted and not asked" not in auditor.text


def test_people_of_an_unfinished_import_are_nobody_yet(app: Flask) -> None:
    with factories.register(app):
        factories.check(factories.contact())
        now = clock.now()
        job = ImportJob(
            state="applying", file_sha256="0", mapping={}, created_at=now, touched_at=now
        )
        db.session.add(job)
        db.session.flush()
        pending: Contact = factories.contact("Ei", "Vielä", pending_import_id=job.id)
        factories.check(pending)
    assert (checked(app).people, checked(app).of) == (1, 1)


def test_with_nobody_in_the_register_the_share_is_not_measured(app: Flask) -> None:
    assert checked(app).share is None


def test_counting_looks_at_nobody_but_the_evidence_does(app: Flask) -> None:
    with factories.register(app):
        one = factories.contact("Sylvi", "Salainen")
        factories.check(one, "email", "skipped", reason="no_time")
        number = one.id
    auditor = factories.signed_in(app, "auditor")
    counted = factories.entries_of(app, auditor.get("/dashboard/"))
    assert factories.subjects(counted) == set()
    answer = auditor.get("/dashboard/checks?outcome=skipped&reason=no_time")
    assert factories.subjects(factories.entries_of(app, answer), "contact", "list") == {number}
    assert "No time" in answer.text
    assert f">{number}</a>" in answer.text
    none = auditor.get("/dashboard/checks?outcome=confirmed")
    assert factories.subjects(factories.entries_of(app, none)) == set()


def test_every_figure_of_checks_leads_to_what_it_counts(app: Flask) -> None:
    with factories.register(app):
        one, two, three = (factories.contact("A", f"B{number}") for number in range(3))
        factories.check(one, "email", "confirmed")
        factories.check(two, "email", "skipped", reason="no_time")
        factories.check(three, "email", "skipped", reason="not_answered")
        numbers = one.id, three.id
    auditor = factories.signed_in(app, "auditor")
    dashboard = pages.visit(auditor, "/dashboard/")
    for text, number in (("people were checked", numbers[0]), ("No answer", numbers[1])):
        led = pages.visit(auditor, dashboard.link(text).href)
        assert factories.subjects(factories.entries_of(app, led.response)) == {number}
    assert "not_answered" not in dashboard.text


# --- the right to process ---------------------------------------------------------------------


def sentence(app: Flask, on: str = "") -> str:
    return pages.visit(factories.signed_in(app, "auditor"), f"/dashboard/rights?on={on}").text


def test_the_right_is_told_as_the_sentence_of_the_report(app: Flask) -> None:
    today = rf"[^.]*{clock.today().year}[^.]*"
    assert re.search(rf"On {today} nobody had the right to process", sentence(app))
    for _ in range(2):
        factories.user(app, "staff")
    factories.user(app, "staff", "privacy")
    factories.user(app, "admin")
    assert re.search(rf"was held on {today} by three members of staff\.", sentence(app))


def test_a_day_before_anybody_had_it_says_so(app: Flask) -> None:
    factories.user(app, "staff")
    assert re.search(r"On [^.]*2018 nobody had the right", sentence(app, "2018-02-12"))


def test_a_right_that_ended_is_history(app: Flask) -> None:
    name = factories.user(app, "staff", name="bertta")
    with factories.register(app):
        account_actions.revoke(account_actions.named(name), Role.STAFF)
    with factories.register(app):
        grants = rights.history()
    assert [grant.name for grant in grants] == ["Tester bertta"]
    assert grants[0].until is not None
    assert rights.holders(grants, clock.today()) == []
    assert "Tester bertta" in sentence(app)


@pytest.mark.parametrize("number", [1, 5, 10])
def test_ten_and_fewer_are_written_as_words(number: int) -> None:
    assert len(rights.STAFF) == 10
    assert rights.STAFF[number - 1].split()[0] in ("one", "five", "ten")


def test_the_ledger_is_asked_for_the_period_only(app: Flask) -> None:
    factories.user(app, "staff")
    with app.app_context():
        tomorrow = clock.today() + timedelta(days=1)
        assert ledger.tally(ledger.Wanted(first=tomorrow)) == []
