"""Contact time by keyboard: one key a field, six for everything, nothing stored before saving."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import update

from tests import factories
from tests.browser.houses import House, come_in, held, page_of
from wesentra import clock
from wesentra.models import Contact, FieldCheck, Interaction, User, db

FOUR = ("phone", "email", "title", "company")
MOST_KEYS = 6

Window = Callable[..., BrowserContext]


def somebody(house: House) -> int:
    """A contact with four fields to ask about, who was told where the data came from."""
    with factories.register(house.app):
        company = factories.company("Auto Oy")
        made = factories.contact(
            "Timo",
            "Mäkinen",
            company_id=company.id,
            title="ostaja",
            phone="+358401234567",
            email="timo@auto.example.fi",
        )
        factories.notice(made)
        for days, field in enumerate(FOUR):  # the first is the stalest
            factories.check(made, field, at=clock.now() - timedelta(days=400 - days))
        factories.check(made, "name")
        return made.id


def checks(house: House, contact_id: int) -> dict[str, str]:
    """The outcomes of today's checks by field, without the name."""
    since = clock.now() - timedelta(days=1)
    found = held(house.app, FieldCheck, contact_id=contact_id)
    return {one.field: one.outcome for one in found if one.at > since and one.field != "name"}


@pytest.fixture
def contact_id(house: House) -> int:
    """Somebody to talk to."""
    return somebody(house)


@pytest.fixture
def talk(house: House, new_context: Window, contact_id: int) -> Page:
    """The page that is open while one talks, come to by `c`."""
    page = page_of(new_context, house, "staff")
    page.goto(f"{house.url}/contacts/{contact_id}")
    page.keyboard.press("c")
    page.wait_for_url(f"**/interactions/new?contact={contact_id}")
    expect(radio(page, "phone", "confirmed")).to_be_focused()
    return page


def radio(page: Page, field: str, answer: str) -> Locator:
    """One of the answers to a prompt."""
    return page.locator(f"input[name=check-{field}][value={answer}]")


def press(page: Page, *keys: str) -> int:
    """Press keys one after the other; how many they were, Ctrl+Enter counted as two."""
    for key in keys:
        page.keyboard.press(key)
    return sum(len(key.split("+")) for key in keys)


def save(page: Page, house: House, contact_id: int) -> None:
    """Ctrl+Enter, and wait for the contact's page."""
    press(page, "Control+Enter")
    page.wait_for_url(f"{house.url}/contacts/{contact_id}")


def test_four_right_fields_are_saved_with_six_keys(
    talk: Page, house: House, contact_id: int
) -> None:
    assert press(talk, "Enter", "Enter", "Enter", "Enter", "Control+Enter") <= MOST_KEYS
    talk.wait_for_url(f"{house.url}/contacts/{contact_id}")
    expect(talk.locator("#flash .notice")).to_be_visible()
    assert checks(house, contact_id) == dict.fromkeys(FOUR, "confirmed")
    assert len(held(house.app, Interaction, contact_id=contact_id)) == 1


def test_nothing_is_stored_before_it_is_saved(talk: Page, house: House, contact_id: int) -> None:
    press(talk, "Enter", "d", "d", "Enter")
    expect(talk.locator("#summary")).to_be_focused()
    assert checks(house, contact_id) == {}
    assert held(house.app, Interaction, contact_id=contact_id) == []
    assert held(house.app, Contact, id=contact_id)[0].email == "timo@auto.example.fi"


def test_e_fixes_a_value_in_its_place(talk: Page, house: House, contact_id: int) -> None:
    press(talk, "e")
    fix = talk.locator("#fix-phone")
    expect(fix).to_be_focused()
    talk.keyboard.type("050 555 1234")  # the old value was selected, so it is replaced
    expect(fix).to_have_value("050 555 1234")
    press(talk, "Enter")
    expect(radio(talk, "email", "confirmed")).to_be_focused()
    save(talk, house, contact_id)
    assert held(house.app, Contact, id=contact_id)[0].phone == "+358505551234"
    assert checks(house, contact_id)["phone"] == "corrected"


def test_escape_leaves_fixing_as_if_it_had_not_begun(talk: Page) -> None:
    press(talk, "e")
    before = talk.locator("#fix-phone").input_value()
    talk.keyboard.type("050")
    press(talk, "Escape")
    expect(talk.locator("#prompt-phone input:checked")).to_have_count(0)
    expect(talk.locator("#fix-phone")).to_be_hidden()
    expect(talk.locator("#fix-phone")).to_have_value(before)
    expect(radio(talk, "phone", "confirmed")).to_be_focused()


@pytest.mark.parametrize("undo", ["u", "Backspace"])
def test_removing_is_seen_and_undone(talk: Page, house: House, contact_id: int, undo: str) -> None:
    press(talk, "d")
    warning = talk.locator("#prompt-phone .prompt-removed")
    expect(warning).to_be_visible()
    expect(talk.locator("#prompt-phone .prompt-value > span").first).to_have_css(
        "text-decoration-line", "line-through"
    )
    expect(talk.locator("#prompt-phone [data-undo]")).to_be_visible()
    press(talk, undo)
    expect(warning).to_be_hidden()
    expect(talk.locator("#prompt-phone input:checked")).to_have_count(0)
    expect(radio(talk, "phone", "confirmed")).to_be_focused()
    press(talk, "Enter")
    save(talk, house, contact_id)
    assert held(house.app, Contact, id=contact_id)[0].phone == "+358401234567"
    assert checks(house, contact_id)["phone"] == "confirmed"


def test_removing_is_undone_by_the_button_too(talk: Page) -> None:
    press(talk, "d")
    talk.locator("#prompt-phone [data-undo]").click()
    expect(talk.locator("#prompt-phone input:checked")).to_have_count(0)


def test_s_skips_with_a_reason(talk: Page, house: House, contact_id: int) -> None:
    press(talk, "s")
    reason = talk.locator("#skip-phone")
    expect(reason).to_be_focused()
    reason.select_option("person_declined")
    press(talk, "Enter")
    expect(radio(talk, "email", "confirmed")).to_be_focused()
    save(talk, house, contact_id)
    (check,) = [
        one
        for one in held(house.app, FieldCheck, contact_id=contact_id, field="phone")
        if one.outcome == "skipped"
    ]
    assert check.reason == "person_declined"


def test_each_answer_is_said_to_those_who_do_not_see(talk: Page) -> None:
    press(talk, "Enter")
    expect(talk.locator("#announce")).to_have_text("Phone: Right")
    press(talk, "u")
    expect(talk.locator("#announce")).to_have_text("Phone: undone")


def test_a_refused_fix_keeps_what_was_typed_and_says_why(talk: Page) -> None:
    press(talk, "e")
    talk.keyboard.type("12")
    press(talk, "Enter", "Control+Enter")
    error = talk.locator("#prompt-phone .field-error")
    expect(error).to_contain_text("12")
    expect(talk.locator("#fix-phone")).to_have_value("12")
    expect(talk.locator("#fix-phone")).to_have_attribute("aria-describedby", "prompt-phone-error")


def test_after_a_refusal_what_is_typed_goes_into_the_wrong_field_alone(talk: Page) -> None:
    press(talk, "Enter", "e")
    talk.keyboard.type("timo.example.fi")
    press(talk, "Enter", "d", "Control+Enter")
    expect(talk.locator("#prompt-email .field-error")).to_be_visible()
    expect(talk.locator("#fix-email")).to_be_focused()
    press(talk, "End")
    talk.keyboard.type("sedu")
    expect(talk.locator("#fix-email")).to_have_value("timo.example.fisedu")
    for field, answer in (("phone", "confirmed"), ("email", "corrected"), ("title", "removed")):
        expect(radio(talk, field, answer)).to_be_checked()
    expect(talk.locator("#prompt-company input:checked")).to_have_count(0)


def test_a_note_that_is_asked_about_again_is_where_the_page_opens(talk: Page) -> None:
    press(talk, "Enter", "Enter", "Enter", "Enter")
    talk.keyboard.type("Hänellä on diabetes.")
    press(talk, "Control+Enter")
    expect(talk.locator("input[name=sure]")).to_be_focused()


def test_letters_that_are_text_stay_text(talk: Page, house: House, contact_id: int) -> None:
    press(talk, "Enter", "Enter", "Enter", "Enter")
    talk.keyboard.type("seduc? /p")
    expect(talk.locator("#summary")).to_have_value("seduc? /p")
    save(talk, house, contact_id)
    assert held(house.app, Interaction, contact_id=contact_id)[0].summary == "seduc? /p"


def test_letters_rest_where_they_were_switched_off(
    house: House, new_context: Window, contact_id: int
) -> None:
    name = factories.user(house.app, "staff")
    with factories.register(house.app):
        db.session.execute(update(User).where(User.name == name).values(keys_on=False))
    page = come_in(new_context().new_page(), house.url, name)
    page.goto(f"{house.url}/contacts/{contact_id}")
    press(page, "c", "?", "p", "/", "j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    expect(page.locator("#keys")).to_be_hidden()
    page.goto(f"{house.url}/interactions/new?contact={contact_id}")
    press(page, "e", "d", "s")
    expect(page.locator("input[name^=check-]:checked")).to_have_count(0)
    press(page, "Enter")
    expect(radio(page, "phone", "confirmed")).to_be_checked()
    save(page, house, contact_id)
    assert checks(house, contact_id)["phone"] == "confirmed"


def test_a_name_and_a_note_are_fixed_by_keys_and_keep_parts_and_lines(
    house: House, new_context: Window
) -> None:
    with factories.register(house.app):
        made = factories.contact("Juan", "Garcia Lopez", note="eka\ntoka")
        factories.notice(made)
        contact_id = made.id
    page = page_of(new_context, house, "staff")
    page.goto(f"{house.url}/interactions/new?contact={contact_id}")
    press(page, "e")
    page.keyboard.type("Juana")
    press(page, "Enter")
    expect(page.locator("#fix-family_name")).to_be_focused()
    press(page, "Enter", "e", "End", "Shift+Enter")
    page.keyboard.type("kolmas")
    press(page, "Enter")
    expect(page.locator("#summary")).to_be_focused()
    save(page, house, contact_id)
    contact = held(house.app, Contact, id=contact_id)[0]
    assert (contact.given_name, contact.family_name) == ("Juana", "Garcia Lopez")
    assert contact.note == "eka\ntoka\nkolmas"
