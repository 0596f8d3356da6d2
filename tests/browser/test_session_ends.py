"""A session that ends while somebody types: nothing typed is lost."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete

from tests import factories
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
    """Somebody of the staff."""
    return factories.user(house.app, "staff")


@pytest.fixture
def page(house: House, new_context: Callable[..., BrowserContext], name: str, script: bool) -> Page:
    """A page of theirs."""
    return come_in(new_context(java_script_enabled=script).new_page(), house.url, name)


@pytest.fixture(autouse=True)
def _others_stay(house: House) -> Iterator[None]:
    """The sessions of other tests end as well: they come in anew."""
    yield
    house.sessions.clear()


def end_sessions(house: House) -> None:
    with factories.register(house.app):
        db.session.execute(delete(UserSession))


def test_a_form_goes_along_through_the_sign_in(
    page: Page, house: House, name: str, script: bool
) -> None:
    number = somebody(house)
    page.goto(f"{house.url}/interactions/new?contact={number}")
    page.locator("#summary").fill("Kysyi hintaa\nja toimitusaikaa.")
    end_sessions(house)
    page.locator("main").get_by_role("button", name="Save").click()
    expect(page.locator(".callout")).to_contain_text("what you typed goes along")
    assert not script or eyes.look(page) == []
    page.locator("#username").fill(name)
    page.locator("#password").fill(factories.PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("You are signed in")
    assert not script or eyes.look(page) == []
    page.locator("main").get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{house.url}/contacts/{number}")
    (saved,) = held(house.app, Interaction, contact_id=number)
    assert saved.summary.split() == ["Kysyi", "hintaa", "ja", "toimitusaikaa."]


def test_a_field_in_its_place_waits_for_the_sign_in_in_another_tab(
    page: Page, house: House, name: str, script: bool
) -> None:
    if not script:
        pytest.skip("without JavaScript every form is a page")
    page.goto(f"{house.url}/contacts/{somebody(house)}")
    page.locator("#contacts-field-title").get_by_role("link", name="Edit").click()
    page.locator("#value-title").fill("ostopäällikkö")
    end_sessions(house)
    save = page.locator("#contacts-field-title").get_by_role("button", name="Save")
    save.click()
    expect(page.locator("#flash")).to_contain_text("Your session has ended")
    assert eyes.look(page) == []
    with page.context.expect_page() as opened:
        page.locator("#flash a").click()
    tab = opened.value
    tab.locator("#username").fill(name)
    tab.locator("#password").fill(factories.PASSWORD)
    tab.locator("main button[type=submit]").click()
    expect(tab.locator("h1")).to_have_text("My day")
    expect(page.locator("#flash")).to_be_empty()
    save.click()
    expect(page.locator("#contacts-value-title")).to_have_text("ostopäällikkö")


def test_a_session_ends_from_another_window_and_what_was_typed_there_goes_along(
    page: Page,
    house: House,
    name: str,
    script: bool,
    new_context: Callable[..., BrowserContext],
) -> None:
    """The left telephone is signed out from the desk; whoever comes back to it comes in anew."""
    number = somebody(house)
    page.goto(f"{house.url}/interactions/new?contact={number}")
    page.locator("#summary").fill("Soittaa huomenna.")
    desk = come_in(new_context(java_script_enabled=script).new_page(), house.url, name)
    desk.goto(f"{house.url}/account/sessions/")
    expect(desk.locator("tbody tr")).to_have_count(2)
    desk.get_by_role("button", name="Sign out there").click()
    expect(desk.locator("tbody tr")).to_have_count(1)
    assert not script or eyes.look(desk) == []
    page.locator("main").get_by_role("button", name="Save").click()
    expect(page.locator("#password")).to_be_visible()
    assert held(house.app, Interaction, contact_id=number) == []
    page.locator("#username").fill(name)
    page.locator("#password").fill(factories.PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.locator("main").get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{house.url}/contacts/{number}")
    (saved,) = held(house.app, Interaction, contact_id=number)
    assert saved.summary == "Soittaa huomenna."
    desk.goto(f"{house.url}/contacts/")
    expect(desk.locator("h1")).to_have_text("Contacts")
