"""Addresses as people type them: without the slash at the end, with numbers that nobody has."""

import pytest
from flask import Flask

from tests import factories, pages
from tests.databases import sqlite_only
from tests.factories import entries_of, signed_in


@sqlite_only
@pytest.mark.parametrize("address", ["/contacts", "/companies?group=prospect", "/log", "/nothing"])
def test_an_address_without_its_slash_leads_to_the_one_with_it(app: Flask, address: str) -> None:
    for client in (signed_in(app, "staff"), factories.browser(app)):
        answer = client.get(address)
        path, _, query = address.partition("?")
        if address == "/nothing":
            assert answer.status_code == 404
            continue
        assert answer.status_code == 308
        assert answer.location.endswith(f"{path}/" + (f"?{query}" if query else ""))
        assert answer.headers["X-Request-ID"]
        assert entries_of(app, answer) == []


NOBODYS = ("0", "-1", "2147483648", "9223372036854775808", "9" * 5000, "²", "abc", "%00")


@pytest.mark.parametrize("number", NOBODYS)
def test_a_number_that_nobody_has_is_not_found_and_breaks_nothing(app: Flask, number: str) -> None:
    client = signed_in(app, "staff", "admin")
    for address in (
        "/contacts/{}",
        "/companies/{}",
        "/imports/{}",
        "/settings/users/{}",
        "/interactions/new?contact={}",
        "/tasks/new?contact={}",
    ):
        assert client.get(address.format(number)).status_code == 404, address
    for address in ("/contacts/?after={}", "/companies/?after={}", "/tasks/?who={}"):
        assert client.get(address.format(number)).status_code == 200, address
    assert client.get(f"/contacts/new?company={number}").status_code in (200, 404)


@pytest.mark.parametrize("number", [number for number in NOBODYS if number not in ("0", "%00")])
def test_a_number_that_nobody_has_is_no_owner_and_no_company(app: Flask, number: str) -> None:
    contact = factories.person(app)
    client = signed_in(app, "staff")
    address = f"/contacts/{contact}/edit/owner"
    assert pages.visit(client, address).form(address).send(value=number).status_code == 303
    form = pages.visit(client, "/contacts/new").form("/contacts/new", field="company_id")
    sent = {"family_name": "Virta", "group": "prospect", "source": "from the person"}
    answer = form.send(company="Uusi Oy", company_id=number, **sent)
    assert answer.status_code == 303


@sqlite_only
@pytest.mark.parametrize(
    ("sent_to", "leads_to"),
    [
        ("/interactions/new", "/interactions/new?contact={contact}"),
        ("/tasks/new", "/tasks/new?contact={contact}"),
        ("/contacts/{contact}/edit/phone", "/contacts/{contact}/edit/phone"),
        ("/imports/1/columns", "/imports/1"),
        ("/tasks/4711/done", "/tasks"),
    ],
)
def test_from_a_refused_page_the_purpose_leads_to_what_can_be_opened(
    app: Flask, sent_to: str, leads_to: str
) -> None:
    contact = factories.person(app)
    client = signed_in(app, "staff")
    token = pages.visit(client, "/").form("/account/purpose").fields["csrf_token"]
    data = {"csrf_token": token, "next_on": "never", "value": "12"}
    if sent_to.endswith("/new"):
        data["contact"] = str(contact)
    refused = pages.read(client, client.post(sent_to.format(contact=contact), data=data))
    assert refused.response.status_code in (404, 422)
    answer = refused.form("/account/purpose").send(purpose="data_check")
    assert answer.location == leads_to.format(contact=contact)
    if "imports" not in sent_to:
        assert client.get(answer.location, follow_redirects=True).status_code == 200
