"""htmx comes from the content network first and from our own server when that fails."""

import base64
import hashlib
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import opened
from tests.browser.houses import House, page_of, users
from tests.browser.test_contact_time import somebody
from wesentra.assets import asset_root
from wesentra.web.security_headers import HTMX_INTEGRITY, HTMX_URL

HTMX = asset_root() / "static" / "vendor" / "htmx.min.js"
ALLOWED = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}


@pytest.fixture(scope="session")
def cdn_house(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, light_context: ssl.SSLContext
) -> Iterator[House]:
    """A house whose pages ask the content network for htmx."""
    folder = tmp_path_factory.mktemp("cdn")
    with opened(folder, sqlite_template, light_context, users, assets="cdn") as house:
        yield house


def up(route: Route) -> None:
    """The network gives the file."""
    route.fulfill(path=HTMX, headers=ALLOWED)


def down(route: Route) -> None:
    """The network cannot be reached."""
    route.abort()


def hangs(_route: Route) -> None:
    """The network takes the question and never answers."""


def lies(route: Route) -> None:
    """The network gives another file; were it run, the test would see it."""
    route.fulfill(body="window.htmx = {wrong: true};", headers=ALLOWED)


TELL = """addEventListener(
  'htmx:load', () => { document.documentElement.dataset.htmx = 'ready'; }, {once: true})"""
"""Marks the page as soon as htmx has taken it over."""


def is_edited_in_place(page: Page, home: str) -> None:
    """The field is corrected by htmx: the page itself is never left."""
    page.goto(home, wait_until="domcontentloaded")  # a network that hangs holds the rest back
    page.locator("html[data-htmx=ready]").wait_for()
    page.locator("#contacts-field-title").get_by_role("link", name="Edit").click()
    page.locator("#value-title").fill("ostopäällikkö")
    page.evaluate("document.body.dataset.here = 'yes'")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("body[data-here] #contacts-value-title")).to_have_text("ostopäällikkö")
    assert page.url == home


@pytest.mark.parametrize("network", [up, down, hangs, lies], ids=lambda given: given.__name__)
def test_a_field_is_corrected_in_its_place_whatever_the_network_does(
    cdn_house: House, new_context: Callable[..., BrowserContext], network: Callable[[Route], None]
) -> None:
    page = page_of(new_context, cdn_house, "staff")
    page.route(HTMX_URL, network)
    page.add_init_script(TELL)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    home = f"{cdn_house.url}/contacts/{somebody(cdn_house)}"
    for _visit in ("first", "second"):
        asked.clear()
        is_edited_in_place(page, home)
        assert HTMX_URL in asked
        assert any("/static/vendor/htmx" in url for url in asked) is (network is not up)
    assert page.evaluate("[htmx.version, htmx.config.allowEval]") == ["2.0.10", False]


def test_a_page_is_used_while_the_network_still_hangs(
    cdn_house: House, new_context: Callable[..., BrowserContext]
) -> None:
    """Neither links nor keys nor forms wait for htmx, nor does the first paint."""
    page = page_of(new_context, cdn_house, "staff")
    page.route(HTMX_URL, hangs)
    page.add_init_script("window.setTimeout = new Proxy(setTimeout, {apply: () => 0});")
    home = f"{cdn_house.url}/contacts/{somebody(cdn_house)}"
    page.goto(home, wait_until="domcontentloaded")
    assert page.evaluate("[document.readyState, typeof htmx]") == ["interactive", "undefined"]
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Edit").first.click(no_wait_after=True)
    page.wait_for_url("**/edit/**", wait_until="domcontentloaded")
    page.get_by_role("button", name="Save").click(no_wait_after=True)
    page.wait_for_url(home, wait_until="domcontentloaded")


def test_the_hash_in_the_page_is_that_of_our_own_file() -> None:
    digest = base64.b64encode(hashlib.sha384(HTMX.read_bytes()).digest()).decode()
    assert f"sha384-{digest}" == HTMX_INTEGRITY
