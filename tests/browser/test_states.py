"""What no link leads to: dialogs, menus, forms half filled in, pages of errors; all by axe."""

import re
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.browser import eyes
from tests.browser.houses import House, come_in, page_of
from tests.browser.test_contact_time import press, somebody
from wesentra.accounts import actions, links
from wesentra.audit import deliveries, results
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.models import Contact, db

Window = Callable[..., BrowserContext]


@pytest.fixture
def staff(house: House, new_context: Window) -> Page:
    """A page of somebody of the staff."""
    return page_of(new_context, house, "staff")


@pytest.fixture(autouse=True)
def _silence(staff: Page) -> Iterator[None]:
    """The console says nothing in any state."""
    console = eyes.Console(staff)
    yield
    assert console.said == []


def test_the_page_of_signing_in(house: House, new_context: Window) -> None:
    page = new_context().new_page()
    page.goto(f"{house.url}/login")
    assert eyes.look(page) == []
    page.locator("#username").fill("nobody")
    page.locator("#password").fill("nothing")
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.locator(".summary")).to_be_visible()
    assert eyes.look(page) == []


def test_the_page_of_a_link_that_chooses_a_password(house: House, new_context: Window) -> None:
    secret, name = links.token(), factories.user(house.app, "staff")
    with factories.register(house.app):
        links.store(actions.named(name), secret)
    page = new_context().new_page()
    page.goto(f"{house.url}/password/{secret}")
    assert eyes.look(page) == []
    page.locator("#password").fill("Password2026!")
    page.locator("main button").click()
    expect(page.locator(".summary")).to_be_visible()
    assert eyes.look(page) == []
    page.locator("#password").fill("kahvi ja pulla tiistaina")
    page.locator("main button").click()
    page.wait_for_url(f"{house.url}/login")
    page.goto(f"{house.url}/password/{secret}")
    assert eyes.look(page) == []


def test_open_menus_and_dialogs(staff: Page, house: House) -> None:
    staff.goto(f"{house.url}/contacts/")
    press(staff, "?")
    assert eyes.look(staff) == []
    press(staff, "Escape")
    staff.locator("details.menu > summary").click()
    assert eyes.axe(staff) == []
    press(staff, "Escape")
    staff.set_viewport_size(eyes.PHONE)
    staff.locator("details.nav > summary").click()
    assert eyes.axe(staff) == []
    assert eyes.overflow(staff) is None


def test_a_notice_that_something_was_saved(staff: Page, house: House) -> None:
    staff.goto(f"{house.url}/account/")
    staff.locator("main form").first.get_by_role("button", name="Save").click()
    expect(staff.locator("#flash .notice")).to_be_visible()
    assert eyes.look(staff) == []


def test_a_field_being_corrected_refused_and_in_conflict(staff: Page, house: House) -> None:
    number = somebody(house)
    staff.goto(f"{house.url}/contacts/{number}")
    staff.locator("#contacts-field-phone").get_by_role("link", name="Edit").click()
    expect(staff.locator("#value-phone")).to_be_focused()
    assert eyes.look(staff) == []
    staff.locator("#value-phone").fill("12")
    staff.get_by_role("button", name="Save").click()
    expect(staff.locator("#value-phone-error")).to_be_visible()
    assert eyes.look(staff) == []
    with factories.register(house.app):
        db.session.get_one(Contact, number).phone = "+358409998888"
    staff.locator("#value-phone").fill("050 111 2222")
    staff.get_by_role("button", name="Save").click()
    expect(staff.locator("#value-phone-error")).to_contain_text("Meanwhile")
    assert eyes.look(staff) == []


def test_a_question_about_a_word(staff: Page, house: House) -> None:
    number = somebody(house)
    staff.goto(f"{house.url}/contacts/{number}/edit/note")
    staff.locator("#value-note").fill("On sairauslomalla.")
    staff.get_by_role("button", name="Save").click()
    expect(staff.locator("input[name=sure]")).to_be_visible()
    assert eyes.look(staff) == []
    staff.goto(f"{house.url}/interactions/new?contact={number}")
    staff.locator("#summary").fill("On sairauslomalla.")
    press(staff, "Control+Enter")
    expect(staff.locator("input[name=sure]")).to_be_visible()
    assert eyes.look(staff) == []


def test_every_answer_to_a_prompt(staff: Page, house: House) -> None:
    staff.goto(f"{house.url}/interactions/new?contact={somebody(house)}")
    press(staff, "Enter", "d", "s")
    expect(staff.locator("#skip-title")).to_be_focused()
    press(staff, "Enter", "e")
    expect(staff.locator("#fix-company")).to_be_focused()
    assert eyes.look(staff) == []


def test_contact_time_with_nothing_to_ask(staff: Page, house: House) -> None:
    with factories.register(house.app):
        contact = factories.contact()
        factories.notice(contact)
        factories.check(contact, "name")
        number = contact.id
    staff.goto(f"{house.url}/interactions/new?contact={number}")
    expect(staff.locator(".prompt")).to_have_count(0)
    expect(staff.locator("#summary")).to_be_focused()
    assert eyes.look(staff) == []


def test_a_link_that_is_shown_once(house: House, new_context: Window) -> None:
    name = factories.user(house.app, "staff")
    page = page_of(new_context, house, "admin")
    page.goto(f"{house.url}/settings/users/{factories.user_id(house.app, name)}/reset")
    page.locator("main form button").click()
    expect(page.locator("main code")).to_be_visible()
    assert eyes.look(page) == []


def _locked() -> NoReturn:
    raise OperationalError("", {}, Exception("database is locked"))


def _broken() -> NoReturn:
    raise ValueError("broken on purpose")


@pytest.mark.parametrize("view", [_locked, _broken])
def test_pages_of_errors(
    house: House,
    new_context: Window,
    view: Callable[[], NoReturn],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = page_of(new_context, house, "staff")
    page.goto(house.url)
    monkeypatch.setattr(view, "need", house.app.view_functions["day.index"].need, raising=False)
    monkeypatch.setitem(house.app.view_functions, "day.index", view)
    page.goto(house.url)
    assert eyes.look(page) == []


@pytest.mark.parametrize(("chosen", "device"), [("dark", "light"), ("light", "dark")])
def test_the_chosen_colours_stand_over_those_of_the_device(
    house: House, new_context: Window, chosen: str, device: str
) -> None:
    name = factories.user(house.app, "staff")
    page = come_in(new_context(color_scheme=device).new_page(), house.url, name)
    page.goto(f"{house.url}/account/")
    page.locator("#theme").select_option(chosen)
    page.locator("main form").first.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("data-theme", chosen)
    light = "rgb(245, 246, 244)"
    ground = expect(page.locator("html"))
    body = page.evaluate(
        "[document.documentElement, document.body]"
        ".map(one => getComputedStyle(one).backgroundColor)"
    )
    assert (light in body) is (chosen == "light")
    ground.to_have_css("color-scheme", chosen)
    assert eyes.axe(page) == []


def namesakes(house: House) -> int:
    """Somebody to talk to, in one of two companies of one name, behind an address of others."""
    number = somebody(house)
    with factories.register(house.app):
        contact = db.session.get_one(Contact, number)
        factories.contact(email="info@auto.example.fi")
        for town in ("Espoo", "Vantaa"):
            contact.company_id = factories.company("Kello Oy", post_office=town).id
    return number


def test_which_company_and_whose_address(staff: Page, house: House) -> None:
    number = namesakes(house)
    staff.goto(f"{house.url}/contacts/{number}/edit/company")
    expect(staff.locator("#company_id")).to_be_visible()
    assert eyes.look(staff) == []
    staff.goto(f"{house.url}/contacts/new")
    for name, text in (
        ("family_name", "Virta"),
        ("company", "Kello Oy"),
        ("email", "info@auto.example.fi"),
        ("source", "messut"),
    ):
        staff.locator(f"#{name}").fill(text)
    press(staff, "Control+Enter")
    staff.locator("#company_id").select_option(index=1)
    assert eyes.look(staff) == []
    press(staff, "Control+Enter")
    staff.locator("[name=shared]").check()
    assert eyes.look(staff) == []
    press(staff, "Control+Enter")
    staff.wait_for_url(re.compile(r"/contacts/\d+$"))


def test_talking_while_somebody_else_corrects(staff: Page, house: House) -> None:
    number = namesakes(house)
    staff.goto(f"{house.url}/interactions/new?contact={number}")
    press(staff, "e")
    staff.keyboard.type("050 333 4444")
    press(staff, "Enter", "e")
    staff.keyboard.type("info@auto.example.fi")
    press(staff, "Enter", "Enter", "e")
    staff.keyboard.type("auto oy")
    with factories.register(house.app):
        factories.company("Auto Oy", post_office="Turku")
        db.session.get_one(Contact, number).phone = "+358409998888"
    press(staff, "Control+Enter")
    expect(staff.locator("#prompt-phone-error")).to_contain_text("040 9998888")
    expect(staff.locator("#fix-phone")).to_have_value("050 333 4444")
    assert eyes.look(staff) == []
    staff.locator("#fix-email").focus()
    press(staff, "Enter")
    expect(staff.locator("[name=shared]")).to_be_focused()
    press(staff, "Space", "Enter")
    staff.locator("#company_id").select_option(index=1)
    press(staff, "Control+Enter")
    staff.wait_for_url(f"{house.url}/contacts/{number}")


def test_a_sole_trader_to_be_deleted(house: House, new_context: Window) -> None:
    number = somebody(house)
    with factories.register(house.app):
        factories.company("Kello Tmi", person_id=number)
    page = page_of(new_context, house, "privacy")
    page.goto(f"{house.url}/contacts/{number}/delete")
    expect(page.locator(".callout.warn")).to_contain_text("Kello Tmi")
    assert eyes.look(page) == []


def test_the_red_line_of_those_in_charge(house: House, new_context: Window) -> None:
    page = page_of(new_context, house, "privacy")
    with house.app.app_context():
        results.keep(db.engine, Verdict(9, 1, Finding(Fault.CUT, 4, 9), 9), "hand", 0.1)
        deliveries.failed(db.engine, "folder")
    try:
        for url in ("/", "/dashboard/"):
            page.goto(house.url + url)
            expect(page.locator("#log-alarm .notice")).to_have_count(2)
            assert eyes.look(page) == []
    finally:
        with house.app.app_context():
            results.keep(db.engine, Verdict(9, 1, None, 9), "hand", 0.1)
            deliveries.served(db.engine, "folder", 1)
