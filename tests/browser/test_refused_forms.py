"""Every form, refused: it says why, and its page is still for everybody."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests import factories
from tests.browser import eyes
from tests.browser.conftest import opened
from tests.browser.houses import House, furnish, page_of
from tests.browser.walk import Walk

pytestmark = pytest.mark.long
WRONG = ("131052-308T", "")
"""What is refused nearly everywhere: an identity code; and nothing at all."""

FILL = """([action, wrong]) => {
  const form = [...document.forms].find(one => one.getAttribute('action') === action);
  if (!form) return false;  // it was taken, and what it was for is done
  const typed = [...form.elements].filter(one => one.checkVisibility() && one.matches(
    'textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=submit])'));
  for (const one of typed) one.value = one.matches(
    '[type=file], [type=date], [type=datetime-local], [type=number]') ? '' : wrong;
  form.setAttribute('name', 'tried');
  return typed.length > 0;
}"""
"""Fills in a form; whether there was anything to fill in."""

SENTENCES = ".field-error:visible, .summary:visible, .callout.warn:visible"

MUST_REFUSE = {
    "privacy": {
        "accounts.password",
        "companies.correct business_id",
        "companies.create",
        "contacts.correct phone",
        "contacts.create",
        "imports.choose",
        "imports.upload",
        "interactions.create",
        "tasks.create",
    },
    "admin": {"roles.revoke", "settings.create", "settings.mail"},
}


@pytest.fixture
def worn(tmp_path: Path, sqlite_template: Path, light_context: ssl.SSLContext) -> Iterator[House]:
    """A furnished house that the test may wear out."""
    with opened(tmp_path, sqlite_template, light_context, furnish) as house:
        yield house


def refused(page: Page, url: str, action: str) -> bool:
    """Whether the form was refused with one of the wrong values; its page is open then."""
    for wrong in WRONG:
        page.goto(url)
        page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        if not page.evaluate(FILL, [action, wrong]):
            return False
        with page.expect_navigation() as answer:
            page.evaluate("document.forms.tried.submit()")
        if answer.value.status == 422:
            return True
    return False


@pytest.mark.parametrize("role", MUST_REFUSE)
def test_every_refused_form_is_for_everybody(
    worn: House, role: str, new_context: Callable[..., BrowserContext]
) -> None:
    client = factories.browser(worn.app)
    factories.sign_in(client, worn.names[role])
    forms = Walk(worn.app, client).go().forms
    page = page_of(new_context, worn, role)
    console = eyes.Console(page)
    found, seen = [], set()
    for view, (url, action) in forms.items():
        if refused(page, worn.url + url, action):
            seen.add(view)
            found += eyes.look(page)
            found += [f"{view}: no sentence"] if not page.locator(SENTENCES).count() else []
    assert "\n".join(found + console.said) == ""
    assert MUST_REFUSE[role] <= seen
