"""The keys of every page: each presses something that is on the page anyway."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.houses import House, page_of


@pytest.fixture
def contacts(furnished: House, new_context: Callable[..., BrowserContext]) -> Page:
    """The list of contacts; it is only looked at."""
    page = page_of(new_context, furnished, "privacy")
    page.goto(f"{furnished.url}/contacts/")
    return page


def test_a_slash_leads_to_the_search(contacts: Page) -> None:
    contacts.keyboard.press("/")
    expect(contacts.locator("#search")).to_be_focused()
    contacts.keyboard.type("?pj")
    expect(contacts.locator("#search")).to_have_value("?pj")


def test_a_question_mark_opens_the_list_of_keys(contacts: Page) -> None:
    contacts.keyboard.press("?")
    dialog = contacts.locator("dialog#keys")
    expect(dialog).to_be_visible()
    contacts.keyboard.press("/")
    expect(contacts.locator("#search")).not_to_be_focused()
    contacts.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_every_key_that_presses_something_is_in_the_list(contacts: Page) -> None:
    pressed = set(
        contacts.locator("[data-key]").evaluate_all("all => all.map(one => one.dataset.key)")
    )
    contacts.keyboard.press("?")
    assert pressed
    assert pressed <= set(contacts.locator("dialog#keys kbd").all_inner_texts())


def test_p_leads_to_the_purpose(contacts: Page) -> None:
    contacts.keyboard.press("p")
    expect(contacts.locator("#purpose")).to_be_focused()


def test_j_and_k_go_through_the_rows_and_enter_opens_one(contacts: Page, furnished: House) -> None:
    rows = contacts.locator("[data-row]")
    contacts.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    contacts.keyboard.press("j")
    contacts.keyboard.press("j")
    expect(rows.nth(2)).to_be_focused()
    contacts.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    leads = rows.nth(1).get_attribute("href")
    contacts.keyboard.press("Enter")
    contacts.wait_for_url(f"{furnished.url}{leads}")


def test_n_opens_the_form_for_somebody_new(contacts: Page) -> None:
    contacts.keyboard.press("n")
    contacts.wait_for_url("**/contacts/new")


def test_the_first_tab_leads_past_the_header(contacts: Page) -> None:
    contacts.keyboard.press("Tab")
    expect(contacts.locator(".skip")).to_be_focused()
    contacts.keyboard.press("Enter")
    expect(contacts.locator("#main")).to_be_focused()


def test_where_there_is_no_keyboard_no_key_is_spoken_of(
    empty: House, new_context: Callable[..., BrowserContext]
) -> None:
    for width, shown in ((1280, True), (390, False)):
        page = page_of(new_context, empty, "staff", viewport={"width": width, "height": 800})
        page.goto(empty.url)
        expect(page.locator("#interactions-mine")).to_contain_text("No interactions yet.")
        expect(page.locator("#interactions-mine .key-hint")).to_be_visible(visible=shown)
