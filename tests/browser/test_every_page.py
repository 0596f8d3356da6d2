"""Every page that each role can open: by axe in both colours, wide and narrow; no errors."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests import factories
from tests.browser import eyes
from tests.browser.houses import ROLES, House, page_of
from tests.browser.walk import Walk

pytestmark = pytest.mark.long
NOT_WALKED = {
    "static": "files",
    "health.alive": "for monitors",
    "health.ready": "for load balancers",
    "accounts.sign_in": "is looked at without a session",
    "password_links.choose": "is looked at without a session",
    **dict.fromkeys(("sso.begin", "sso.back", "sso_confirm.begin"), "see test_sso.py"),
}
FORBIDDEN = {"staff": "/dashboard/", "privacy": "/settings/users/", "admin": "/contacts/"}


def walked(house: House, role: str) -> Walk:
    """The walk of somebody with one role; it is gone once in a house that nobody changes."""
    if role not in house.walks:
        client = factories.browser(house.app)
        factories.sign_in(client, house.names[role])
        house.walks[role] = Walk(house.app, client).go()
    return house.walks[role]


def shortcomings(
    house: House, role: str, new_context: Callable[..., BrowserContext], *more: str
) -> str:
    """Everything that is wrong with the pages of a role; of each shape one is looked at."""
    shapes = walked(house, role).shapes
    if role != "privacy":  # what others share with the privacy contact is looked at there
        known = walked(house, "privacy").shapes
        shapes = {shape: url for shape, url in shapes.items() if shape not in known or url == "/"}
    page = page_of(new_context, house, role)
    console = eyes.Console(page)
    found = []
    for url in (*shapes.values(), *more):
        page.goto(house.url + url)
        found += eyes.look(page)
    return "\n".join(found + console.said)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_for_everybody(
    furnished: House, role: str, new_context: Callable[..., BrowserContext]
) -> None:
    more = [FORBIDDEN[role]] if role in FORBIDDEN else []
    assert shortcomings(furnished, role, new_context, *more) == ""


@pytest.mark.parametrize("role", ["privacy", "admin"])
def test_pages_with_nothing_on_them_are_for_everybody_too(
    empty: House, role: str, new_context: Callable[..., BrowserContext]
) -> None:
    assert shortcomings(empty, role, new_context) == ""


def test_the_walk_comes_by_every_page(furnished: House) -> None:
    reached = set(NOT_WALKED)
    for role in ROLES:
        reached |= walked(furnished, role).views
    offered = {
        rule.endpoint
        for rule in furnished.app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    assert offered - reached == set()
