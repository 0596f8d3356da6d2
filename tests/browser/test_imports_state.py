"""The page of an import while it works: it follows by itself, and lets its reader be."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests import factories
from tests.browser.houses import House, page_of
from wesentra import clock
from wesentra.crm.imports.states import State
from wesentra.models import ImportJob, db


@pytest.fixture
def working(house: House) -> int:
    """An import that is being checked, by nobody."""
    with factories.register(house.app):
        now = clock.now()
        job = ImportJob(
            state="checking", file_sha256="0", mapping={}, created_at=now, touched_at=now, rows=9
        )
        db.session.add(job)
        db.session.flush()
        return job.id


@pytest.fixture
def page(house: House, new_context: Callable[..., BrowserContext], working: int) -> Page:
    """The page of that import."""
    made = page_of(new_context, house, "staff")
    made.goto(f"{house.url}/imports/{working}")
    return made


def carry(house: House, job_id: int, applied: int, state: State = State.CHECKING) -> None:
    """Let the import be so far now."""
    with factories.register(house.app):
        job = db.session.get_one(ImportJob, job_id)
        job.applied, job.state, job.touched_at = applied, state.value, clock.now()


def test_the_focus_stays_while_the_work_goes_on(page: Page, house: House, working: int) -> None:
    link = page.get_by_role("link", name="Look again")
    link.focus()
    carry(house, working, 4)
    expect(page.locator("main")).to_contain_text("4 of 9")
    expect(link).to_be_focused()
    expect(page.locator("main [aria-live=polite]")).to_have_count(1)
    carry(house, working, 9, State.CHECKED)
    expect(page.get_by_role("button", name="Bring it in")).to_be_visible()


def test_an_answer_that_failed_is_asked_for_again(page: Page, house: House, working: int) -> None:
    failed: list[str] = []

    def fail(route: Route) -> None:
        failed.append(route.request.url)
        route.fulfill(status=503, body='<p class="notice bad">Not available right now</p>')
        page.unroute(f"**/imports/{working}")

    page.route(f"**/imports/{working}", fail)
    expect(page.locator("#flash")).to_contain_text("Not available")
    carry(house, working, 5)
    expect(page.locator("main")).to_contain_text("5 of 9")
    expect(page.locator("#flash")).to_be_empty()
    assert failed
