"""What was typed is not lost: the browser asks before a page with it is left, and only then."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from tests import factories
from tests.browser.houses import House, page_of
from tests.browser.test_contact_time import somebody
from wesentra.models import Contact, db


@pytest.fixture
def contact_page(house: House, new_context: Callable[..., BrowserContext]) -> Page:
    """The page of somebody with a telephone number and an address."""
    page = page_of(new_context, house, "staff")
    page.goto(f"{house.url}/contacts/{somebody(house)}")
    return page


def edit(page: Page, name: str, value: str) -> None:
    """Begin to correct a field in its place."""
    page.locator(f"#contacts-field-{name}").get_by_role("link", name="Edit").click()
    page.locator(f"#value-{name}").fill(value)


def save(page: Page, name: str) -> None:
    page.locator(f"#contacts-field-{name}").get_by_role("button", name="Save").click()


def asks(page: Page) -> bool:
    """Whether the browser asks when the page is left; it is left either way."""
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", leave)
    page.goto(page.url.partition("/contacts")[0] + "/tasks/")
    return asked == ["beforeunload"]


def test_nothing_typed_nothing_asked(contact_page: Page) -> None:
    contact_page.locator("#contacts-field-phone").get_by_role("link", name="Edit").click()
    assert not asks(contact_page)


def test_saving_one_field_does_not_forget_another(contact_page: Page) -> None:
    edit(contact_page, "phone", "050 111 2222")
    edit(contact_page, "email", "toinen@auto.example.fi")
    save(contact_page, "email")
    expect(contact_page.locator("#contacts-value-email")).to_contain_text("toinen@")
    assert asks(contact_page)


def test_what_was_saved_is_not_asked_about(contact_page: Page) -> None:
    edit(contact_page, "phone", "050 111 2222")
    save(contact_page, "phone")
    expect(contact_page.locator("#contacts-value-phone")).to_contain_text("050 1112222")
    assert not asks(contact_page)


def test_a_field_that_was_refused_is_asked_about(contact_page: Page) -> None:
    edit(contact_page, "phone", "12")
    save(contact_page, "phone")
    expect(contact_page.locator("#value-phone-error")).to_be_visible()
    assert asks(contact_page)


def test_a_whole_page_that_was_refused_is_asked_about(contact_page: Page, house: House) -> None:
    contact_page.goto(f"{house.url}/contacts/new")
    contact_page.locator("#note").fill("Soittaa iltaisin.")
    contact_page.locator("main").get_by_role("button", name="Save").click()
    expect(contact_page.locator(".summary")).to_be_visible()
    contact_page.locator(".summary").click()
    assert asks(contact_page)


def test_a_part_that_cannot_be_had_leaves_the_page_whole(contact_page: Page, house: House) -> None:
    """One sentence in the place of notices, which stays; the next success takes it away."""
    number = int(contact_page.url.rpartition("/")[2])
    edit(contact_page, "phone", "050 111 2222")
    with factories.register(house.app):
        db.session.get_one(Contact, number).pending_import_id = None
        db.session.delete(db.session.get_one(Contact, number))
    save(contact_page, "phone")
    expect(contact_page.locator("#flash")).to_contain_text("There is nothing here")
    expect(contact_page.locator("#value-phone")).to_have_value("050 111 2222")
    for only in ("main", "header.top", "#flash"):
        expect(contact_page.locator(only)).to_have_count(1)
    assert asks(contact_page)
