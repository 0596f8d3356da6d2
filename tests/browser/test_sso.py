"""Coming in by a sign-in service in a real browser: there, back, and with what was typed."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete, update

from tests import factories
from tests.accounts.sso.services import Service, running
from tests.accounts.sso.sign_in_service import PASSWORD
from tests.browser import eyes
from tests.browser.conftest import opened
from tests.browser.houses import House, users
from wesentra.accounts import actions, links
from wesentra.models import UserSession, db

LANGUAGES = ("fi", "sv", "en")
BUTTON = {"fi": "Työpaikan tunnuksella", "sv": "Med arbetsplatsens konto"}
DOOR = "/settings/users/new"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The sign-in service of this file."""
    with running(tmp_path_factory.mktemp("service")) as started:
        yield started


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    light_context: ssl.SSLContext,
    service: Service,
) -> Iterator[House]:
    """A house that knows it, and to which it may lead back."""
    folder = tmp_path_factory.mktemp("house")
    more = service.environ()
    with opened(folder, sqlite_template, light_context, users, more=more) as house:
        service.lead_back_to(f"{house.url}/login/sso/back")
        factories.user(house.app, "staff", "admin", name="minna")
        with factories.register(house.app):
            actions.named("minna").password_hash = links.NO_PASSWORD
        yield house


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether JavaScript is on."""
    return bool(request.param)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], script: bool) -> Page:
    """A window of its own."""
    return new_context(java_script_enabled=script).new_page()


def sign_in_there(page: Page, script: bool) -> None:
    """At the service, and on from the page that one comes back to."""
    page.get_by_label("name").fill("minna")
    page.get_by_label("password").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    if not script:
        expect(page.locator("h1")).to_have_text("You come from the sign-in service")
        page.get_by_role("button", name="Continue").click()


def of_ours(console: eyes.Console, house: House) -> list[str]:
    """What our own pages complain of; the service has no icon, for one."""
    return [one for one in console.said if one.startswith(house.url)]


def come_in(page: Page, house: House, script: bool, path: str = "") -> None:
    """From the button to where one wanted to go."""
    page.goto(f"{house.url}/login{path}")
    page.get_by_role("link", name="With the work account").click()
    sign_in_there(page, script)


def test_there_and_back(page: Page, house: House, script: bool) -> None:
    console = eyes.Console(page)
    come_in(page, house, script, "?next=/companies/")
    expect(page.locator("h1")).to_have_text("Companies")
    assert page.url == f"{house.url}/companies/"
    assert of_ours(console, house) == []


def test_what_was_typed_goes_along(page: Page, house: House, script: bool) -> None:
    console = eyes.Console(page)
    come_in(page, house, script)
    expect(page.locator("h1")).to_have_text("My day")
    page.goto(f"{house.url}/companies/new")
    page.locator("#name").fill("Kirjoitettu Oy")
    with factories.register(house.app):
        db.session.execute(delete(UserSession))
    page.locator("main form[action='/companies/new'] button.primary").click()
    page.get_by_role("button", name="With the work account").click()
    expect(page.locator("h1")).to_have_text("To the sign-in service")
    assert not script or eyes.look(page) == []
    page.get_by_role("link", name="Go there").click()
    if page.get_by_label("password").count():
        sign_in_there(page, script)
    elif not script:
        page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("You are signed in")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#name")).to_have_value("Kirjoitettu Oy")
    assert of_ours(console, house) == []


def test_showing_anew_who_one_is(page: Page, house: House, script: bool) -> None:
    console = eyes.Console(page)
    come_in(page, house, script)
    expect(page.locator("h1")).to_have_text("My day")
    with factories.register(house.app):
        db.session.execute(update(UserSession).values(fresh_at=None))
    page.goto(house.url + DOOR)
    expect(page.locator("h1")).to_have_text("Is it you?")
    assert not script or eyes.look(page) == []
    page.get_by_role("link", name="With the work account").click()
    sign_in_there(page, script)
    page.wait_for_url(house.url + DOOR)
    assert of_ours(console, house) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_for_everybody(
    house: House, new_context: Callable[..., BrowserContext], language: str
) -> None:
    page = new_context(locale=language).new_page()
    page.goto(f"{house.url}/login")
    expect(page.locator("main")).to_contain_text(BUTTON.get(language, "With the work account"))
    found = eyes.look(page)
    page.goto(f"{house.url}/login/sso/back?error=access_denied")  # goes on by itself
    page.wait_for_selector(".summary")
    found += eyes.look(page)
    assert found == []


def test_an_administrator_sees_who_is_known(
    house: House, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    come_in(page, house, True)
    expect(page.locator("h1")).to_have_text("My day")
    number = factories.user_id(house.app, "minna")
    page.goto(f"{house.url}/settings/users/{number}")
    expect(page.locator("#sso")).to_contain_text("Known since")
    assert eyes.look(page) == []
    page.goto(f"{house.url}/account/")
    expect(page.locator("#password")).to_contain_text("You have no password here")
    assert eyes.look(page) == []
