"""The log as it is read by the thousand: one row a request, and no noise that nobody has made."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from wesentra import clock

ROW = re.compile(r'<a href="(/log/(?:own/)?requests/[^"]+)" data-row>([^<]+)</a>')


@pytest.fixture
def opened(app: Flask) -> tuple[int, str]:
    """A person with a company who was opened; their number, and the number of that request."""
    with factories.register(app):
        company = factories.company("Esimerkki Oy")
        number = factories.contact(company_id=company.id).id
    staff = factories.signed_in(app, "staff", name="bertta")
    for _ in range(2):  # the program asks by itself whether the person was told
        staff.get(f"/interactions/new?contact={number}")
    answer = staff.get(f"/contacts/{number}")
    assert {entry.subject_type for entry in factories.entries_of(app, answer)} >= {
        "contact",
        "company",
    }
    return number, answer.headers["X-Request-ID"]


@pytest.fixture
def auditor(app: Flask) -> FlaskClient:
    return factories.signed_in(app, "auditor")


def led(page: pages.Page) -> list[str]:
    """Which requests the rows of a page lead to."""
    return [address for address, _ in ROW.findall(page.response.text)]


def test_a_page_that_was_opened_is_one_row(opened: tuple[int, str], auditor: FlaskClient) -> None:
    page = pages.visit(auditor, "/log/")
    assert led(page).count(f"/log/requests/{opened[1]}") == 1
    assert re.search(rf"Opened\W+contact\W+{opened[0]}\W+company\W+\d", page.text)
    of_people = [one for one in led(page) if not one.endswith("/factory")]
    assert len(of_people) == len(set(of_people))


def test_a_row_says_the_second(opened: tuple[int, str], auditor: FlaskClient) -> None:
    times = [time for _, time in ROW.findall(auditor.get("/log/").text)]
    assert times
    assert all(re.search(r"\d\d:\d\d:\d\d$", time) for time in times)


def test_what_only_the_program_looked_at_is_folded_and_its_number_said(
    app: Flask, opened: tuple[int, str], auditor: FlaskClient
) -> None:
    alone = [entry for entry in factories.entries(app) if entry.operation == "program"]
    page = pages.visit(auditor, "/log/")
    assert len(alone) > 1
    assert f"{len(alone)} looks of the program itself are folded away" in page.text
    assert "Seen by the program alone" not in in_rows(page)
    shown = pages.visit(auditor, page.link("Show them, too").href)
    assert "Seen by the program alone" in in_rows(shown)
    assert "Looks of the program itself are shown, too." in shown.text
    folded = pages.visit(auditor, shown.link("Fold them away").href)
    assert "Seen by the program alone" not in in_rows(folded)
    lines = auditor.get("/log/export?format=jsonl").text
    assert lines.count('"operation":"program"') >= len(alone), "a file leaves nothing out"


def in_rows(page: pages.Page) -> str:
    """The rows of a page, without its filter."""
    return page.response.text.partition("<tbody>")[2]


def test_the_number_keeps_to_the_filter(
    app: Flask, opened: tuple[int, str], auditor: FlaskClient
) -> None:
    staff = factories.user_id(app, "bertta")
    own = [
        entry
        for entry in factories.entries(app)
        if entry.operation == "program" and entry.row.actor_id == staff
    ]
    assert f"{len(own)} look" in pages.visit(auditor, f"/log/users/{staff}").text
    tomorrow = clock.today() + timedelta(days=1)
    silent = (f"from={tomorrow}", "operation=view", f"contact={opened[0]}", "outcome=not_done")
    for query in silent:
        assert "folded away" not in pages.visit(auditor, f"/log/?{query}").text, query
    assert "Seen by the program alone" in in_rows(pages.visit(auditor, "/log/?operation=program"))
    filters = pages.visit(auditor, "/log/?program=shown").form("/log/", "operation")
    assert filters.fields["program"] == "shown", "another filter folds nothing again"
    assert auditor.get("/log/?program=nonsense").status_code == 422


def test_pages_of_rows_leave_no_request_out(app: Flask, auditor: FlaskClient) -> None:
    staff = factories.signed_in(app, "staff")
    asked = [staff.get("/contacts/new").headers["X-Request-ID"] for _ in range(3)]
    with factories.register(app):
        number = factories.contact().id
    asked = [staff.get(f"/contacts/{number}").headers["X-Request-ID"] for _ in range(60)]
    found: list[str] = []
    url = f"/log/?contact={number}&operation=view"
    while url:
        page = pages.visit(auditor, url)
        found += led(page)
        url = next((link.href for link in page.links if "before=" in link.href), "")
    assert found == [f"/log/requests/{one}" for one in reversed(asked)]


def test_one_s_own_log_is_read_in_the_same_rows(app: Flask, opened: tuple[int, str]) -> None:
    staff = factories.browser(app)
    factories.sign_in(staff, "bertta")
    page = pages.visit(staff, "/log/own")
    assert led(page).count(f"/log/own/requests/{opened[1]}") == 1
    assert f"/contacts/{opened[0]}" in [link.href for link in page.links]
    assert not [link for link in page.links if link.href.startswith("/log/people/")]


def test_a_number_leads_to_the_log_and_beside_it_to_the_person_for_who_may(
    app: Flask, opened: tuple[int, str]
) -> None:
    number = opened[0]
    for url in ("/log/", "/dashboard/people"):
        page = pages.visit(factories.signed_in(app, "privacy"), url)
        ways = {(link.text, link.href) for link in page.links}
        assert (str(number), f"/log/people/{number}") in ways
        assert (f"Open contact {number}", f"/contacts/{number}") in ways
        page = pages.visit(factories.signed_in(app, "auditor"), url)
        assert f"/contacts/{number}" not in [link.href for link in page.links]


def test_a_day_on_a_phone_has_no_rows_of_zeros(opened: tuple[int, str], app: Flask) -> None:
    staff = factories.browser(app)
    factories.sign_in(staff, "bertta")
    text = staff.get("/log/own").text
    days = text.partition('id="days-title"')[2].partition("</table>")[0]
    cells = re.findall(r'<td class="number([^"]*)"[^>]*>\s*(\d+)', days)
    assert [" zero" if number == "0" else "" for _, number in cells] == [kind for kind, _ in cells]
    assert {kind for kind, _ in cells} == {"", " zero"}
