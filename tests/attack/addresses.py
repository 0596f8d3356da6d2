"""Where a tool begins: a page of each kind for each role, and what is asked in addresses."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from tests.browser.walk import Key
from tests.web.hostile import Finder
from tests.web.test_hostile_forms import Attack
from wesentra.web.permissions import role_for

ROLES = ("privacy", "admin", "staff", "auditor")
WORD, ASKED = "wordtobeasked", "title*"


class Asker(Finder):
    """A walk that also notes one address of each view and set of questions."""

    asked: dict[Key, str]

    def _visit(self, url: str, key: Key | None) -> list[str]:
        if key is not None and key[2]:
            self.asked.setdefault(key, url)
        return super()._visit(url, key)


class Found(Attack):
    """A furnished register, somebody of each role in it, every form, every kind of address."""

    def __init__(self, app: Flask, file: str, roles: tuple[str, ...]) -> None:
        self.pages: dict[str, list[str]] = {}
        """Role to an address of each shape of page; some of these are refusals."""
        self.askers: dict[str, Asker] = {}
        super().__init__(app, file, roles)
        for role, asker in self.askers.items():
            self.pages[role] = sorted(asker.shapes.values())

    def _finder(self, role: str) -> Asker:
        asker = self.askers[role] = Asker(self.app, self.clients[role], role, self.judge)
        asker.asked = {}
        return asker

    def asked(self) -> list[tuple[str, str]]:
        """Role and address: together they ask every page whatever it is asked on any, once; `*`
        stands after a word of a path."""
        found = [
            (key, url, role) for role, one in self.askers.items() for key, url in one.asked.items()
        ]
        known: set[tuple[str, str]] = set()
        needed = []
        for key, url, role in sorted(found, key=lambda one: -len(one[0][2])):
            questions = {(key[0], name) for name in key[2]}
            if questions - known:
                needed.append((role, url))
                known |= questions
        return [*needed, *_words(self.app)]


def _words(app: Flask) -> Iterator[tuple[str, str]]:
    """Every page with a word in its path, as somebody who may open it; numbers are taken by the
    router as numbers or not at all."""
    for rule in app.url_map.iter_rules():
        words = [name for name in rule.arguments if _is_word(rule, name)]
        need = getattr(app.view_functions[rule.endpoint], "need", None)
        if "GET" not in (rule.methods or ()) or not words or need is None:
            continue
        role = next(one for one in ROLES if role_for(need.permission, [one]))
        given = {name: WORD if name in words else 1 for name in rule.arguments}
        with app.test_request_context("https://localhost/"):
            yield role, app.url_for(rule.endpoint, **given).replace(WORD, ASKED)


def _is_word(rule: Rule, name: str) -> bool:
    return rule._converters[name].__class__.__name__ == "UnicodeConverter"
