"""Fixtures: a real Chromium, this machine's own, driven by Playwright.

No name but this machine's leads anywhere in it; a content delivery network is therefore down,
unless a test plays it with `page.route`.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.missing import missing

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
)
WAIT_MILLISECONDS = 10_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker; its absence skips, and fails in CI."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        missing("a browser; apt install chromium brings one")
    by_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = [*ARGUMENTS, "--no-sandbox"] if by_root else [*ARGUMENTS]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=arguments)
        yield started
        started.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes windows that share nothing: `new_context(java_script_enabled=False)` and the like.

    They take the local authority's certificate unseen; `tests/operations/test_tls.py` looks at it.
    """
    with ExitStack() as stack:

        def make(**options: Any) -> BrowserContext:
            context = browser.new_context(
                **{"ignore_https_errors": True, "locale": "en-GB", **options}
            )
            context.set_default_timeout(WAIT_MILLISECONDS)
            stack.callback(context.close)
            return context

        yield make


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A window of its own for this test."""
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page."""
    return context.new_page()
