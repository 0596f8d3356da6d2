"""After an action somebody is led to a page of this site, whatever was sent as its address."""

import pytest
from flask import Flask

from tests import factories, pages
from tests.databases import sqlite_only

pytestmark = sqlite_only
ELSEWHERE = (
    *("//wes.example", "/\\wes.example", "\\\\wes.example", "https://wes.example", "javascript:1"),
    *("//[", "http://[", "//wes]x", "/a\nb", "/a\\b", "\t//wes.example", " /x", "", "contacts/"),
)
"""Other sites, what browsers read as one, and what is no address at all."""


@pytest.mark.parametrize("address", ELSEWHERE)
def test_after_signing_in_nobody_is_led_elsewhere(app: Flask, address: str) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = factories.browser(app)
    form = pages.visit(browser, "/login").form("/login")
    name = factories.user(app, "staff")
    answer = form.send(username=name, password=factories.PASSWORD, next=address)
    assert (answer.status_code, answer.location) == (303, "/")
    purpose = pages.visit(browser, "/").form("/account/purpose")
    answer = purpose.send(purpose="sales", next=address)
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("address", [*ELSEWHERE, "/nothing", "/login", "/contacts/"])
def test_a_form_goes_along_to_an_address_of_ours_only(app: Flask, address: str) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = factories.browser(app)
    form = pages.visit(browser, "/login").form("/login")
    name = factories.user(app, "staff")
    data = {**form.fields, "username": name, "password": factories.PASSWORD}
    answer = browser.post("/login", data={**data, "to": address, "typed": "a=1"})
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_page_of_ours_is_where_one_is_led_with_its_question(app: Flask) -> None:
    browser = factories.browser(app)
    form = pages.visit(browser, "/login").form("/login")
    name = factories.user(app, "staff")
    answer = form.send(username=name, password=factories.PASSWORD, next="/contacts/?group=[ä]")
    assert answer.status_code == 303
    assert answer.location.startswith("/contacts/?group=")
