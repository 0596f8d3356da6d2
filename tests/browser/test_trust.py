"""How a browser comes to trust the server: the page is for everybody, before they sign in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser import eyes
from tests.browser.houses import House

LANGUAGES = ("fi", "sv", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_from_the_sign_in_page_is_for_everybody(
    empty: House, new_context: Callable[..., BrowserContext], language: str
) -> None:
    page = new_context(locale=language).new_page()
    console = eyes.Console(page)
    page.goto(f"{empty.url}/login")
    found = eyes.look(page)
    page.locator('main a[href="/trust/"]').click()
    page.wait_for_url("**/trust/")
    found += eyes.look(page)
    assert "\n".join(found + console.said) == ""
    with page.expect_download() as told:
        page.locator('a[href$=".crt"]').click()
    assert told.value.suggested_filename == "wesentra-authority.crt"
