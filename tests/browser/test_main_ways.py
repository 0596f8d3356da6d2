"""The main ways through the house, each gone once with JavaScript and once without."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser import eyes, houses
from tests.browser.houses import House, come_in, held
from tests.browser.test_contact_time import FOUR, checks, radio, somebody
from wesentra.models import Contact, ImportJob, Interaction

Window = Callable[..., BrowserContext]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether JavaScript is on."""
    return bool(request.param)


@pytest.fixture
def page(house: House, new_context: Window, script: bool) -> Page:
    """A page of somebody of the staff, with or without JavaScript; errors are the test's."""
    made = houses.page_of(new_context, house, "staff", java_script_enabled=script)
    made.goto(house.url)
    return made


@pytest.fixture(autouse=True)
def silence(page: Page):
    """The console stays silent on all ways."""
    console = eyes.Console(page)
    yield
    assert console.said == []


def button(page: Page, text: str) -> None:
    """Press the button of the page itself that says `text`."""
    page.locator("main").get_by_role("button", name=text).first.click()


def test_coming_in_and_going_out(house: House, new_context: Window, script: bool) -> None:
    name = factories.user(house.app, "staff")
    page = new_context(java_script_enabled=script).new_page()
    page.goto(f"{house.url}/contacts/")
    assert "/login" in page.url
    page.locator("#username").fill(name)
    page.locator("#password").fill("not the password")
    button(page, "Sign in")
    expect(page.locator(".summary")).to_contain_text("is not right")
    page.locator("#password").fill(factories.PASSWORD)
    button(page, "Sign in")
    page.wait_for_url(f"{house.url}/contacts/")
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{house.url}/login")
    page.goto(f"{house.url}/contacts/")
    assert "/login" in page.url


def test_somebody_is_found_and_opened(page: Page, house: House, script: bool) -> None:
    given, phone = ("Orvokki", "+358407654321") if script else ("Oskari", "+358407654322")
    with factories.register(house.app):
        number = factories.contact(given, "Löytyvä", phone=phone).id
    page.locator("#search").fill(f"löytyv {given[:3].lower()}")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=f"{given} Löytyvä").click()
    page.wait_for_url(f"{house.url}/contacts/{number}")
    page.goto(f"{house.url}/call?number={phone.replace('+358', '0')}")
    page.wait_for_url(f"{house.url}/contacts/{number}")


def test_a_search_leaves_no_name_in_the_address(page: Page, house: House, script: bool) -> None:
    page.locator("#search").fill("virtanen")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Search")
    if script:  # without it the address of a form that asks stays as it is
        page.wait_for_url(f"{house.url}/search/")


def test_a_call_is_taken(page: Page, house: House) -> None:
    number = somebody(house)
    page.goto(f"{house.url}/contacts/{number}")
    page.get_by_role("link", name="New interaction").click()
    radio(page, "phone", "corrected").check()
    page.locator("#fix-phone").fill("050 555 1234")
    radio(page, "email", "confirmed").check()
    radio(page, "title", "removed").check()
    radio(page, "company", "skipped").check()
    page.locator("#skip-company").select_option("no_time")
    page.locator("#summary").fill("Kysyi hintaa.")
    button(page, "Save")
    page.wait_for_url(f"{house.url}/contacts/{number}")
    expect(page.locator("#interactions-of_contact")).to_contain_text("Kysyi hintaa.")
    outcomes = ("corrected", "confirmed", "removed", "skipped")
    assert checks(house, number) == dict(zip(FOUR, outcomes, strict=True))
    contact = held(house.app, Contact, id=number)[0]
    assert (contact.phone, contact.title) == ("+358505551234", "")
    assert len(held(house.app, Interaction, contact_id=number)) == 1


def test_a_field_is_corrected_in_its_place(page: Page, house: House, script: bool) -> None:
    number = somebody(house)
    home = f"{house.url}/contacts/{number}"
    page.goto(home)
    page.locator("#contacts-field-title").get_by_role("link", name="Edit").click()
    field = page.locator("#value-title")
    expect(field).to_be_focused() if script else expect(field).to_be_visible()
    assert page.url == (home if script else f"{home}/edit/title")
    page.locator("#value-title").fill("ostopäällikkö")
    button(page, "Save")
    expect(page.locator("#contacts-value-title")).to_have_text("ostopäällikkö")
    assert page.url == home
    if script:  # by keyboard one goes on from where one was
        expect(page.locator("#contacts-field-title .edit")).to_be_focused()


def test_a_wrong_value_gets_a_sentence_and_stays(page: Page, house: House) -> None:
    number = somebody(house)
    page.goto(f"{house.url}/contacts/{number}")
    page.locator("#contacts-field-phone").get_by_role("link", name="Edit").click()
    page.locator("#value-phone").fill("12")
    button(page, "Save")
    expect(page.locator("#value-phone-error")).to_be_visible()
    expect(page.locator("#value-phone")).to_have_value("12")
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("#contacts-value-phone")).to_contain_text("040 1234567")


def test_the_second_of_two_sees_what_changed_and_loses_nothing(page: Page, house: House) -> None:
    number = somebody(house)
    page.goto(f"{house.url}/contacts/{number}")
    page.locator("#contacts-field-title").get_by_role("link", name="Edit").click()
    expect(page.locator("#value-title")).to_be_visible()
    with factories.register(house.app):
        houses.db.session.get_one(Contact, number).title = "johtaja"
    page.locator("#value-title").fill("ostopäällikkö")
    button(page, "Save")
    expect(page.locator("#value-title-error")).to_contain_text("johtaja")
    expect(page.locator("#value-title")).to_have_value("ostopäällikkö")
    button(page, "Save")
    expect(page.locator("#contacts-value-title")).to_have_text("ostopäällikkö")


def test_somebody_new_is_added_after_a_question_about_a_word(page: Page, house: House) -> None:
    page.goto(f"{house.url}/contacts/")
    page.get_by_role("link", name="New contact").first.click()
    page.locator("#given_name").fill("Uuno")
    page.locator("#family_name").fill("Uusi")
    page.locator("#source").fill("messut")
    page.locator("#group").select_option("prospect")
    page.locator("#note").fill("On sairauslomalla.")
    button(page, "Save")
    page.locator("input[name=sure]").check()
    expect(page.locator("#note")).to_have_value("On sairauslomalla.")
    button(page, "Save")
    expect(page.locator("h1")).to_have_text("Uuno Uusi")


def test_a_person_gets_everything_held_as_a_file(page: Page, house: House) -> None:
    number = somebody(house)
    page.goto(f"{house.url}/contacts/{number}")
    with page.expect_download() as download:
        button(page, "CSV")
    assert "timo@auto.example.fi" in Path(download.value.path()).read_text("utf-8-sig")


def test_the_purpose_is_changed(house: House, new_context: Window, script: bool) -> None:
    name = factories.user(house.app, "staff")
    page = come_in(new_context(java_script_enabled=script).new_page(), house.url, name)
    page.goto(f"{house.url}/contacts/")
    page.locator("#purpose").select_option("billing")
    if not script:
        page.locator("form.purpose button").click()
    expect(page.locator("#flash")).to_contain_text("purpose was changed")
    expect(page.locator("#purpose")).to_have_value("billing")
    assert page.url == f"{house.url}/contacts/"


def test_somebody_is_deleted_after_a_question(page: Page, house: House) -> None:
    number = somebody(house)
    page.goto(f"{house.url}/contacts/{number}")
    page.get_by_role("link", name="Delete this person").click()
    assert held(house.app, Contact, id=number)
    button(page, "Delete")
    page.wait_for_url(f"{house.url}/contacts/")
    assert held(house.app, Contact, id=number) == []


def test_somebody_who_was_deleted_is_brought_back(page: Page, house: House) -> None:
    number = somebody(house)
    page.goto(f"{house.url}/contacts/{number}/delete")
    button(page, "Delete")
    page.wait_for_url(f"{house.url}/contacts/")
    page.locator("#flash").get_by_role("link", name="Bring back").click()
    page.locator("th a[data-row]").first.click()  # the one deleted last
    button(page, "Bring back")
    page.wait_for_url(f"{house.url}/contacts/{number}")
    assert held(house.app, Contact, id=number)


def test_a_file_is_brought_in_and_taken_back(
    page: Page, house: House, tmp_path: Path, script: bool
) -> None:
    name = f"Tuonti{'js' if script else 'ilman'}"
    file = tmp_path / "list.csv"
    file.write_text(houses.FILE.replace("Tuontinen", name).replace("@tuonti", f"@{name.lower()}"))
    page.goto(f"{house.url}/imports/")
    page.locator("input[type=file]").set_input_files(file)
    button(page, "Read the file")
    until(page, script, "#imports-mapping")
    page.locator("#group").select_option("prospect")
    page.locator("#source").fill("messut")
    button(page, "Check the rows")
    until(page, script, "#imports-checked")
    number = int(page.url.split("/imports/")[1].split("/")[0])
    assert held(house.app, Contact, family_name=name) == []
    with page.expect_download() as rejected:
        page.get_by_role("link", name="All rejected rows").click()
    assert "Virheellinen" in Path(rejected.value.path()).read_text("utf-8-sig")
    button(page, "Bring it in")
    until(page, script, "#imports-done")
    assert len(held(house.app, Contact, family_name=name)) == 2
    page.get_by_role("link", name="Undo the import").click()
    button(page, "Undo")
    until(page, script, "#imports-undone")
    assert held(house.app, Contact, family_name=name) == []
    assert [job.state for job in held(house.app, ImportJob, id=number)] == ["undone"]


def until(page: Page, script: bool, selector: str) -> None:
    """Wait until an import has come so far: its page tells by itself, or when one looks again."""
    if not script:
        for _ in range(200):
            if page.locator(selector).count():
                break
            page.reload()
    expect(page.locator(selector)).to_be_visible()
