"""Looks at a page: what axe finds, what runs over the edge, what the console complains of."""

from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, ViewportSize

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
REFLOW: ViewportSize = {"width": 320, "height": 640}
"""WCAG 1.4.10: nothing scrolls in two directions at 320 CSS pixels."""

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules whose answer the colour scheme can change."""

RUN = """only => axe.run({runOnly: only, resultTypes: ['violations']})
  .then(found => found.violations.map(one => one.id + ': ' + one.help + ' ' + one.nodes.slice(0, 3)
    .map(node => node.target + ' ' + node.html.slice(0, 160) + ' ' + [...node.any, ...node.all]
      .map(check => check.message).join(' ').slice(0, 200)).join(' | ')))"""
"""Every rule that is broken, with its first three places."""

OVER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return null;
  const over = [...document.querySelectorAll('body *')].filter(
    one => one.checkVisibility() && one.getBoundingClientRect().right > width + 0.5);
  return over.map(one => one.outerHTML.slice(0, 120)).slice(-3).join(' | ') || 'something';
}"""


class Console:
    """Everything a page says that it should not: errors, and what the policy has refused."""

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _answer_was_no(message):
            self.said.append(f"{message.location.get('url')}: {message.text}")


def _answer_was_no(message: ConsoleMessage) -> bool:
    """Chromium calls every answer that refuses an error; a page or a form may well be refused."""
    own = bool(message.page) and message.location.get("url") == message.page.url
    of_a_form = "status of 422" in message.text
    return message.text.startswith("Failed to load resource") and (own or of_a_form)


def axe(page: Page, *rules: str) -> list[str]:
    """What axe finds on the page as it stands now: by these rules, or by all."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found: list[str] = page.evaluate(RUN, only)
    return found


def overflow(page: Page) -> str | None:
    """What makes the page scroll sideways; None when nothing does."""
    over: str | None = page.evaluate(OVER)
    return over


def look(page: Page) -> list[str]:
    """Look at the page light and dark, wide and on a phone, and at the narrowest; it stays wide."""
    found: list[str] = []

    def note(where: str, what: list[str], over: str | None = None) -> None:
        found.extend(f"{page.url} ({where}) {one}" for one in what)
        found.extend([f"{page.url} ({where}) scrolls sideways: {over}"] if over else [])

    def turn(scheme: Literal["light", "dark"]) -> None:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    page.set_viewport_size(WIDE)
    turn("light")
    note("wide, light", axe(page), overflow(page))
    turn("dark")
    note("wide, dark", axe(page, *COLOURS))
    page.set_viewport_size(PHONE)
    note("phone, dark", axe(page), overflow(page))
    turn("light")
    note("phone, light", axe(page, *COLOURS))
    page.set_viewport_size(REFLOW)
    note("320 px", [], overflow(page))
    page.set_viewport_size(WIDE)
    return found
