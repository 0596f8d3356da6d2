"""The header says the purpose that the page is logged under; it is chosen where it can be."""

import pytest
from flask import Flask

from tests import factories, pages
from tests.audit import header

NAMES = {"log review": "log_review", "subject request": "subject_request"}


@pytest.mark.parametrize("url", ["/log/", "/dashboard/", "/log-review/", "/log/own"])
def test_work_with_a_purpose_of_its_own_says_it_and_offers_no_other(app: Flask, url: str) -> None:
    page = pages.visit(factories.signed_in(app, "privacy"), url)
    assert header.SAID.findall(page.response.text) == ["log review"]
    assert not [form for form in page.forms if form.action == "/account/purpose"]
    entries = factories.entries_of(app, page.response)
    assert header.wrong(page.response, entries, NAMES) == []
    assert "customer_service" not in {entry.row.purpose for entry in entries}


def test_elsewhere_it_is_chosen_and_goes_into_the_log(app: Flask) -> None:
    number = factories.person(app)
    staff = factories.signed_in(app, "staff")
    pages.visit(staff, "/").form("/account/purpose").send(purpose="sales")
    page = pages.visit(staff, f"/contacts/{number}")
    assert header.CHOSEN.findall(page.response.text) == ["sales"]
    purposes = {entry.row.purpose for entry in factories.entries_of(app, page.response)}
    assert purposes == {"sales"}


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_who_sees_no_people_has_no_purpose_to_choose(app: Flask, role: str) -> None:
    client = factories.signed_in(app, role)
    page = pages.visit(client, "/")
    assert (
        header.CHOSEN.findall(page.response.text) == header.SAID.findall(page.response.text) == []
    )
    assert client.post("/account/purpose", data={"purpose": "sales"}).status_code in (400, 403)


def test_a_refused_reason_to_open_somebody_is_for_the_session_s_purpose(app: Flask) -> None:
    with factories.register(app):
        person = factories.contact()
        factories.restriction(person)
        number = person.id
    staff = factories.signed_in(app, "staff")
    asked = pages.visit(staff, f"/restrictions/{number}/open")
    again = asked.form(f"/restrictions/{number}/open").send(reason="no")
    assert again.status_code == 422
    assert header.CHOSEN.findall(again.text) == ["customer_service"]
    purposes = {entry.row.purpose for entry in factories.entries_of(app, again)}
    assert purposes == {"customer_service"}


def test_the_page_of_a_denied_request_says_the_purpose_that_was_logged(app: Flask) -> None:
    answer = factories.signed_in(app, "staff").get("/log/")
    assert answer.status_code == 403
    assert header.wrong(answer, factories.entries_of(app, answer), NAMES) == []
