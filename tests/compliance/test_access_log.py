"""The pages of the log: found by filter, told by number, and read with a trace."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask

from tests import factories, pages
from wesentra import spreadsheet
from wesentra.compliance.access_log import words

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def aino(app: Flask) -> int:
    """A contact whom a member of staff has opened."""
    number = factories.person(app, "Sylvi", "Salainen", email="sylvi@salainen.example")
    staff = factories.signed_in(app, "staff", name="bertta")
    assert staff.get(f"/contacts/{number}").status_code == 200
    return number


def leading_from(page: pages.Page, text: str) -> list[str]:
    """Where the links that say exactly `text` lead."""
    return [link.href for link in page.links if link.text == text]


def test_the_log_tells_who_opened_whom_when_and_why(app: Flask, aino: int) -> None:
    privacy = factories.signed_in(app, "privacy")
    page = pages.visit(privacy, f"/log/?contact={aino}&operation=view")
    assert "Tester bertta" in page.text
    assert "customer service" in page.text
    assert {*leading_from(page, str(aino))} == {f"/log/people/{aino}"}
    assert leading_from(page, f"Open contact {aino}") == [f"/contacts/{aino}"]


def test_an_auditor_sees_people_as_numbers_only(app: Flask, aino: int) -> None:
    auditor = factories.signed_in(app, "auditor")
    answer = auditor.get("/log/")
    page = pages.read(auditor, answer)
    assert "Salainen" not in answer.text
    assert "salainen.example" not in answer.text
    assert f"/log/people/{aino}" in leading_from(page, str(aino))
    assert not [link for link in page.links if link.href.startswith("/contacts/")]


@pytest.mark.parametrize("role", ["staff", "admin"])
@pytest.mark.parametrize("url", ["/log/", "/log/export", f"/log/requests/{UNKNOWN}", "/dashboard/"])
def test_others_may_not_read_it(app: Flask, role: str, url: str) -> None:
    assert factories.signed_in(app, role).get(url).status_code == 403


def test_reading_about_a_person_is_itself_found_under_the_person(app: Flask, aino: int) -> None:
    auditor = factories.signed_in(app, "auditor")
    answer = auditor.get(f"/log/?contact={aino}")
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.subject_type, entry.ids) == ("log_read", "contact", (aino,))
    assert entry.row.purpose == "log_review"
    assert "Access log read" in pages.visit(auditor, f"/log/?contact={aino}").text


def test_reading_the_whole_log_is_an_entry_about_nobody(app: Flask) -> None:
    answer = factories.signed_in(app, "privacy").get("/log/?from=2026-01-01&operation=view")
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.subject_type, entry.ids) == ("log_read", "log", ())
    assert entry.fields == ("first", "operation")


def test_one_request_is_shown_whole(app: Flask, aino: int) -> None:
    staff = factories.signed_in(app, "staff")
    request_id = staff.get(f"/contacts/{aino}").headers["X-Request-ID"]
    page = pages.visit(factories.signed_in(app, "auditor"), f"/log/requests/{request_id}")
    assert request_id in page.text
    assert "E-mail" in page.text
    assert "/contacts/…" in page.text


def test_an_unknown_request_is_not_found(app: Flask) -> None:
    answer = factories.signed_in(app, "auditor").get(f"/log/requests/{UNKNOWN}")
    assert answer.status_code == 404
    assert factories.signed_in(app, "auditor").get("/log/requests/%00").status_code == 404


def test_nonsense_in_the_address_is_no_error(app: Flask) -> None:
    auditor = factories.signed_in(app, "auditor")
    for url in (
        "/log/?from=0001-01-01",
        "/log/?to=9999-12-31",
        f"/log/?before={10**30}",
        "/log/?before=-1",
        f"/dashboard/checks?before={10**30}",
    ):
        assert auditor.get(url).status_code == 200
    assert auditor.get("/log/?request=%00").status_code == 422
    assert auditor.get(f"/dashboard/?days={10**30}").status_code == 200
    assert auditor.get("/dashboard/rights?on=0001-01-01").status_code == 200
    assert auditor.get("/dashboard/checks?outcome=%00").status_code == 200


def test_a_wrong_filter_is_said_at_its_field(app: Flask) -> None:
    auditor = factories.signed_in(app, "auditor")
    answer = auditor.get("/log/?contact=Salainen")
    assert answer.status_code == 422
    assert len(pages.read(auditor, answer).errors) == 1
    assert auditor.get("/log/?contact=0").status_code == 422
    assert auditor.get(f"/log/?contact={2**40}").status_code == 422
    assert auditor.get("/log/?from=yesterday").status_code == 422
    assert auditor.get("/log/export?operation=dance").status_code == 422
    unknown = auditor.get("/log/export?format=xml")
    assert unknown.status_code == 422
    assert "There is no such format. Choose csv or jsonl." in unknown.text


def test_the_next_page_keeps_the_filter(app: Flask, aino: int) -> None:
    staff = factories.signed_in(app, "staff")
    for _ in range(55):
        staff.get(f"/contacts/{aino}")
    page = pages.visit(factories.signed_in(app, "auditor"), f"/log/?contact={aino}&operation=view")
    following = page.link("Next").href
    assert f"contact={aino}&operation=view&before=" in following
    second = pages.visit(factories.signed_in(app, "auditor"), following)
    assert not leading_from(second, "Next")


def test_the_log_goes_out_as_json_lines(app: Flask, aino: int) -> None:
    answer = factories.signed_in(app, "auditor").get(f"/log/export?contact={aino}")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    opened = next(line for line in lines if line["operation"] == "view")
    assert opened["unsealed"]["actor"] == "Tester bertta"
    assert opened["subject_ids"] == [aino]
    assert "email" in opened["fields"]
    assert "Salainen" not in answer.text


def test_the_log_goes_out_as_a_table(app: Flask, aino: int) -> None:
    answer = factories.signed_in(app, "privacy").get("/log/export?format=csv&operation=view")
    assert answer.data.startswith(spreadsheet.BOM + b'"id";"at";')
    assert answer.data.count(b"\r\n") == 2
    assert f'"contact";"{aino}";"1";' in answer.text


def test_taking_the_log_out_is_an_entry(app: Flask) -> None:
    answer = factories.signed_in(app, "auditor").get("/log/export?format=csv&user=0")
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.subject_type, entry.fields) == ("log_export", "log", ("user",))


def test_reading_about_a_number_that_nobody_has_is_tied_to_nobody(app: Flask) -> None:
    answer = factories.signed_in(app, "auditor").get("/log/?contact=5000")
    (entry,) = factories.entries_of(app, answer)
    assert (entry.operation, entry.subject_type, entry.ids) == ("log_read", "log", ())
    assert entry.fields == ("contact",)


def test_what_the_program_looked_for_is_said_in_words(app: Flask) -> None:
    named = re.compile(
        r'(?:seen_by_program\(\s*|_note_program\(\w+, |event\(Operation\.PROGRAM, )"([^"]+)"'
    )
    sources = (Path(words.__file__).parents[2]).rglob("*.py")
    found = {one for path in sources for one in named.findall(path.read_text())}
    assert found == set(words.REASONS)
    answer = factories.signed_in(app, "privacy").get("/dashboard/")
    request_id = answer.headers["X-Request-ID"]
    page = pages.visit(factories.signed_in(app, "auditor"), f"/log/requests/{request_id}")
    assert "counting for a figure" in page.text


def test_the_filters_are_folded_until_one_is_set(app: Flask) -> None:
    auditor = factories.signed_in(app, "auditor")
    for url, opened in (("/log/", False), ("/log/?operation=view", True), ("/log/?from=x", True)):
        assert ('<details class="fold" open>' in auditor.get(url).text) is opened


def test_the_dashboard_leads_a_privacy_contact_to_the_requests(app: Flask) -> None:
    for role, led in (("privacy", True), ("auditor", False)):
        page = pages.visit(factories.signed_in(app, role), "/dashboard/")
        assert any(link.href == "/requests/" for link in page.links) == led


def test_a_new_breach_is_no_opened_account(app: Flask) -> None:
    """`created` is a code of both; the page and the table say which one it was."""
    privacy = factories.signed_in(app, "privacy", name="paula")
    made = pages.visit(privacy, "/breaches/new").form("/breaches/new").send(facts="Seen.")
    assert made.status_code == 303
    said = pages.visit(privacy, f"/log/requests/{made.headers['X-Request-ID']}").text
    assert "New breach" in said
    assert "Hold placed" in said
    table = privacy.get("/log/export?format=csv&operation=breach").text
    assert "New breach" in table
    assert "Account opened" not in said + table


def test_what_was_denied_is_said_once(app: Flask) -> None:
    assert factories.signed_in(app, "staff", name="bertta").get("/dashboard/").status_code == 403
    text = pages.visit(factories.signed_in(app, "privacy"), "/log/?outcome=not_done").text
    row = text[text.index("Tester bertta") :]
    assert "Denied" in row
    assert "denied" not in row


MENU = ("/requests/", "/breaches/", "/log/", "/log-review/", "/log/holds")


@pytest.mark.parametrize(
    ("role", "offered"),
    [("privacy", MENU), ("auditor", MENU[1:]), ("staff", ()), ("admin", ())],
)
def test_the_menu_leads_to_everything_that_looks_after_data(
    app: Flask, role: str, offered: tuple[str, ...]
) -> None:
    client = factories.signed_in(app, role)
    menu = pages.visit(client, "/").response.text.partition("<nav")[2].partition("</nav>")[0]
    assert [url for url in MENU if f'"{url}"' in menu] == list(offered)
    for url in offered:
        menu = pages.visit(client, url).response.text.partition("<nav")[2].partition("</nav>")[0]
        here = re.findall(r'href="([^"]*)" aria-current="page"', menu)
        assert here == [url], "each is a place of its own"
