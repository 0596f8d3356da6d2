"""The second factor in a real browser, with and without JavaScript: app, paper, who one is."""

from collections.abc import Callable
from dataclasses import replace

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete, update

from tests import factories
from tests.accounts.authenticating import code
from tests.browser import eyes
from tests.browser.houses import House, come_in, held
from tests.browser.test_contact_time import somebody
from wesentra.models import Interaction, UserSession, db


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether JavaScript is on."""
    return bool(request.param)


@pytest.fixture
def name(house: House) -> str:
    """Somebody who does everything."""
    return factories.user(house.app, "staff", "privacy", "admin")


@pytest.fixture
def page(house: House, new_context: Callable[..., BrowserContext], name: str, script: bool) -> Page:
    """A page of theirs."""
    return come_in(new_context(java_script_enabled=script).new_page(), house.url, name)


def set_up(page: Page, house: House) -> tuple[str, list[str]]:
    """The key of the app and the recovery codes."""
    page.goto(f"{house.url}/account/")
    page.get_by_role("link", name="Set up a second factor").click()
    page.get_by_role("button", name="Begin").click()
    secret = "".join(page.locator(".secret").inner_text().split())
    picture = page.locator(".qr-code img")
    assert picture.bounding_box()["width"] > 150
    assert len(secret) == 32
    page.locator("#code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn it on").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    return secret, codes


def first_step(page: Page, house: House, name: str) -> None:
    """Name and password."""
    page.goto(f"{house.url}/login")
    page.locator("#username").fill(name)
    page.locator("#password").fill(factories.PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("And the code")


def test_setting_up_and_coming_in_by_app_and_by_paper(
    page: Page, house: House, name: str, script: bool, new_context: Callable[..., BrowserContext]
) -> None:
    secret, codes = set_up(page, house)
    assert not script or eyes.look(page) == []
    other = new_context(java_script_enabled=script).new_page()
    first_step(other, house, name)
    assert not script or eyes.look(other) == []
    other.locator("#code").fill("000000")
    other.keyboard.press("Enter")
    expect(other.locator(".summary")).to_contain_text("The code is not right.")
    other.locator("#code").fill(code(secret, 1))
    other.keyboard.press("Enter")
    expect(other.locator("h1")).to_have_text("My day")
    first_step(again := new_context(java_script_enabled=script).new_page(), house, name)
    again.locator("#code").fill(codes[0].upper())
    again.keyboard.press("Enter")
    expect(again.locator("h1")).to_have_text("My day")


def test_a_form_goes_along_through_password_and_code(
    page: Page, house: House, name: str, script: bool
) -> None:
    _, codes = set_up(page, house)
    number = somebody(house)
    page.goto(f"{house.url}/interactions/new?contact={number}")
    page.locator("#summary").fill("Kysyi hintaa\nja toimitusaikaa.")
    user = factories.user_id(house.app, name)
    with factories.register(house.app):
        db.session.execute(delete(UserSession).where(UserSession.user_id == user))
    page.locator("main").get_by_role("button", name="Save").click()
    page.locator("#username").fill(name)
    page.locator("#password").fill(factories.PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.locator(".callout")).to_contain_text("It goes along")
    page.locator("#code").fill(codes[1])
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.locator("main").get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{house.url}/contacts/{number}")
    (saved,) = held(house.app, Interaction, contact_id=number)
    assert saved.summary.split() == ["Kysyi", "hintaa", "ja", "toimitusaikaa."]


def test_a_person_is_deleted_only_by_who_shows_who_they_are(
    page: Page, house: House, name: str, script: bool
) -> None:
    number = somebody(house)
    page.goto(f"{house.url}/contacts/{number}/delete")
    user = factories.user_id(house.app, name)
    with factories.register(house.app):
        own = update(UserSession).where(UserSession.user_id == user)
        db.session.execute(own.values(fresh_at=None))
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("h1")).to_have_text("Is it you?")
    assert not script or eyes.look(page) == []
    page.locator("#password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Yes, go on").click()
    assert not script or eyes.look(page) == []
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{house.url}/contacts/")


def test_a_passkey_signs_in_without_password_and_code(
    house: House, name: str, new_context: Callable[..., BrowserContext]
) -> None:
    url = house.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    page = new_context().new_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    knows = {"hasUserVerification": True, "isUserVerified": True}
    asks_nobody = {"automaticPresenceSimulation": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator", {"options": {**options, **knows, **asks_nobody}}
    )
    come_in(page, url, name)
    secret, _ = set_up(page, replace(house, url=url))
    page.goto(f"{url}/account/passkeys/")
    page.locator("#name").fill("Work laptop")
    page.locator("#code").fill(code(secret, 1))
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("th").filter(has_text="Work laptop")).to_have_count(1)
    assert eyes.look(page) == []
    page.context.clear_cookies()
    page.goto(f"{url}/login")
    page.get_by_role("button", name="With a passkey").click()
    assert eyes.look(page) == []
    page.get_by_role("button", name="Use the passkey").click()
    expect(page.locator("h1")).to_have_text("My day")
