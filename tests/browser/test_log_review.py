"""A review is worked through by keys, and without JavaScript."""

from collections.abc import Callable
from datetime import date

from playwright.sync_api import BrowserContext, expect

from tests import factories
from tests.browser.houses import House, held, page_of
from wesentra.models import LogReviewItem


def reviewed(house: House, month: int) -> tuple[str, list[int]]:
    """An open review with four looks of one colleague: its address, and the items' numbers."""
    staff = factories.user_id(house.app, house.names["staff"])
    with factories.register(house.app):
        review = factories.review(date(2025, month, 1))
        facts = '{"days": 14}'
        items = [
            factories.review_item(review, "R1", actor_id=staff, contact_number=n, facts=facts)
            for n in range(1, 5)
        ]
        return f"{house.url}/log-review/{review.id}", [item.id for item in items]


def verdicts(house: House, numbers: list[int]) -> list[str]:
    return [held(house.app, LogReviewItem, id=number)[0].verdict for number in numbers]


def test_j_goes_to_a_row_and_one_key_judges_it(
    house: House, new_context: Callable[..., BrowserContext]
) -> None:
    url, numbers = reviewed(house, 1)
    page = page_of(new_context, house, "privacy")
    page.goto(url)
    page.keyboard.press("y")
    expect(page.locator(".review-item")).to_have_count(4)
    for key, left in (("y", 3), ("a", 2)):
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press(key)
        expect(page.locator(".review-item")).to_have_count(left)
    assert verdicts(house, numbers) == ["", "justified", "asked", ""]


def test_it_works_without_javascript(
    house: House, new_context: Callable[..., BrowserContext]
) -> None:
    url, numbers = reviewed(house, 2)
    page = page_of(new_context, house, "privacy", java_script_enabled=False)
    page.goto(url)
    page.locator(f"#log_review-item-{numbers[0]}").get_by_role("button").first.click()
    expect(page.locator(".review-item")).to_have_count(3)
    page.locator("summary", has_text="Judge all 3 together").click()
    page.locator("details[open].together textarea").fill("Known to be work.")
    page.get_by_role("button", name="All justified").click()
    expect(page.locator(".review-item")).to_have_count(0)
    assert verdicts(house, numbers) == ["justified"] * 4
