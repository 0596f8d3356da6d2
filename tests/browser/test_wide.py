"""The window of a desk, 1280 pixels wide: where things stand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser import eyes
from tests.browser.houses import ROLES, House, page_of


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_of_the_user_stands_at_the_right_end(
    furnished: House, role: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = page_of(new_context, furnished, role)
    page.set_viewport_size(eyes.WIDE)
    page.goto(furnished.url)
    box = page.locator(".menu").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] > eyes.WIDE["width"] - 30
