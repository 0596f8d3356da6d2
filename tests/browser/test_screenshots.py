"""The two pictures of the README: both fit their window; `make screenshots` writes them anew."""

import os
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories, pages
from tests.browser import eyes
from tests.browser.houses import House, come_in
from tests.servers import served
from wesentra.app import create_app
from wesentra.models.base import db
from wesentra.operations.demo import instance
from wesentra.settings import load

DOCS = Path(__file__).parents[2] / "docs"
WRITE = os.environ.get("SCREENSHOTS") == "1"
LARGEST = 200_000
"""Bytes; who reads the README on a train loads two of them."""
PEOPLE, SEED = 60, 7


@pytest.fixture(scope="module")
def demo(
    tmp_path_factory: pytest.TempPathFactory, light_context: ssl.SSLContext
) -> Iterator[tuple[House, str]]:
    """The demo company, in Finnish, and the password of its accounts."""
    folder = tmp_path_factory.mktemp("demo")
    settings = load(folder, {"WESENTRA_ASSETS": "local", "WESENTRA_LANGUAGE": "fi"})
    password = instance.fill(settings, PEOPLE, SEED, lambda done, of: None)
    app = create_app(settings)
    with served(app, light_context) as url:
        yield House(app, url, {"staff": "aino.virtanen", "privacy": "paula.niemi"}), password
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def picture(page: Page, name: str) -> None:
    """Look that everything fits, and write the picture when that was asked for."""
    assert eyes.overflow(page) is None
    taken = page.screenshot(animations="disabled", caret="hide")
    assert len(taken) < LARGEST
    if WRITE:
        DOCS.mkdir(exist_ok=True)
        (DOCS / name).write_bytes(taken)


def somebody_to_ask_about(house: House, password: str) -> str:
    """The address of contact time with somebody of whom four fields are asked."""
    client = factories.browser(house.app)
    factories.sign_in(client, house.names["staff"], password)
    for number in range(1, PEOPLE + 1):
        url = f"/interactions/new?contact={number}"
        answer = client.get(url)
        if answer.status_code == 200:
            names = pages.read(client, answer).form("/interactions/new").names
            asked = {name for name in names if name.startswith("check-")}
            if len(asked) == 4 and "check-notice" not in asked:
                return url
    raise AssertionError("nobody in the demo has four fields to ask about")


@pytest.fixture
def window(new_context: Callable[..., BrowserContext]) -> Page:
    """A window as wide as in the README."""
    return new_context(viewport=eyes.WIDE, color_scheme="light", reduced_motion="reduce").new_page()


def test_the_picture_of_contact_time(demo: tuple[House, str], window: Page) -> None:
    house, password = demo
    come_in(window, house.url, house.names["staff"], password)
    window.goto(house.url + somebody_to_ask_about(house, password))
    window.keyboard.press("Enter")
    window.keyboard.press("Enter")
    window.keyboard.press("d")
    expect(window.locator(".prompt").last.locator("input").first).to_be_focused()
    window.locator("#summary").fill("Kysyi toimitusajasta. Luvattu vastaus perjantaiksi.")
    window.locator(".prompt").last.locator("input").first.focus()
    window.evaluate("scrollTo(0, 0)")
    picture(window, "contact-time.png")


def test_the_picture_of_the_dashboard(demo: tuple[House, str], window: Page) -> None:
    house, password = demo
    come_in(window, house.url, house.names["privacy"], password)
    window.goto(f"{house.url}/dashboard/?days=365")
    picture(window, "dashboard.png")
