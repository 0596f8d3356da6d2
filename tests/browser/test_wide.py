"""The window of a desk, 1280 pixels wide: where things stand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext
from sqlalchemy import update

from tests import factories
from tests.browser import eyes
from tests.browser.houses import ROLES, House, page_of
from wesentra.models import User, db


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


def test_buttons_in_rows_are_large_enough_to_be_hit(
    furnished: House, new_context: Callable[..., BrowserContext]
) -> None:
    """WCAG 2.5.8 asks for 24 pixels; a row has room for 32."""
    page = page_of(new_context, furnished, "privacy")
    page.set_viewport_size(eyes.WIDE)
    page.goto(f"{furnished.url}/log/holds")
    buttons = page.locator(".table .button").all()
    assert buttons
    assert all((box := one.bounding_box()) and box["height"] >= 32 for one in buttons)


def speak(house: House, role: str, language: str) -> None:
    """Let somebody choose a language."""
    with factories.register(house.app):
        own = update(User).where(User.name == house.names[role])
        db.session.execute(own.values(language=language))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_word_of_the_menu_is_cut(
    furnished: House, language: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = page_of(new_context, furnished, "privacy")
    page.set_viewport_size(eyes.WIDE)
    speak(furnished, "privacy", language)
    page.goto(f"{furnished.url}/log/holds")
    speak(furnished, "privacy", "en")
    assert page.locator("html").get_attribute("lang") == language
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.text)"
    assert page.locator(".nav a").evaluate_all(cut) == []
