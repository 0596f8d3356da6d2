"""Every template keeps the rules of the house."""

import re
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from tests.databases import sqlite_only
from wesentra.assets import asset_root

FOLDER = asset_root() / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
PARTIALS = [name for name in TEMPLATES if Path(name).name.startswith("_")]
PAGES = [
    name
    for name in TEMPLATES
    if name not in PARTIALS and not name.startswith("ui/") and name != "base.html"
]
WITHOUT_FRAME = {"errors/unavailable.html": "needs no session and no database"}
SAFE = {"ui/in_place.html": "attributes put together from constants and a field's own key"}
"""Templates that may say `|safe`, each with its reason."""
LONGEST = 80
LONGER = {
    "base.html": "the frame of every page in one piece",
    "ui/layout.html": "one file of macros",
    "ui/forms.html": "one file of macros",
}


@cache
def text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def markup(name: str) -> str:
    """The template without comments."""
    return re.sub(r"\{#.*?#\}", "", text(name), flags=re.DOTALL)


@sqlite_only
def test_every_template_compiles(app: Flask) -> None:
    for name in TEMPLATES:
        app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_frame_and_a_title(app_less: None, name: str) -> None:
    if name in WITHOUT_FRAME:
        assert "<title>" in text(name)
        return
    assert text(name).startswith('{% extends "base.html" %}')
    assert re.search(r"\{% block title %\}.+?\{% endblock %\}", text(name))


@pytest.fixture
def app_less() -> None:
    """These look at files only."""


@sqlite_only
def test_a_partial_has_one_root_with_its_own_id(app: Flask) -> None:
    """folder/_file.html: no frame, and the first element's id is folder-file."""
    wrong = []
    for name in PARTIALS:
        folder, file = name.removesuffix(".html").split("/")
        root = re.search(r"<[a-z][^>]*>", re.sub(r"\{%.*?%\}", "", markup(name), flags=re.DOTALL))
        calls = re.search(r"\{% call |\{\{ \w+\.\w+\(|\{% include ", markup(name))
        own = f'id="{folder}-{file.removeprefix("_")}'
        named = root is None or own in root[0] or folder in root[0] or calls is not None
        if "{% extends" in text(name) or not (root or calls) or not named:
            wrong.append(name)
    assert not wrong


INLINE = {
    "an inline style": r"<style\b|\sstyle\s*=",
    "an inline script": r"<script\b(?![^>]*\bsrc=)",
    "an event handler": r"<[^>{]*\son[a-z]+\s*=",
    "hx-on": r"\shx-on[:=-]",
    "hx-vals with code": r"hx-(?:vals|headers)=[\"']js:",
    "a javascript address": r"javascript:",
}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_has(what: str) -> None:
    pattern = re.compile(INLINE[what], re.IGNORECASE)
    assert [name for name in TEMPLATES if pattern.search(markup(name))] == []


def test_nothing_is_called_safe_without_a_reason() -> None:
    marked = {n for n in TEMPLATES if re.search(r"\|\s*safe\b|autoescape false", markup(n))}
    assert marked == set(SAFE)


def test_every_form_that_posts_carries_its_token() -> None:
    wrong = []
    for name in TEMPLATES:
        for form in re.findall(r"<form\b.*?</form>", markup(name), re.DOTALL):
            head = form.partition(">")[0]
            if 'method="post"' in head and "csrf_field()" not in form:
                wrong.append(name)
            if "hx-post" in head and 'method="post"' not in head:
                wrong.append(f"{name}: without JavaScript this form does something else")
    assert not wrong


def test_no_address_holds_a_person() -> None:
    """Names, mails and telephone numbers stay out of addresses: they end up in logs."""
    pattern = re.compile(
        r'(?:href|action|hx-get|hx-post)="/[^"]*\{\{[^}]*\.(?:name|email|phone|given_name|family_name)\b'
    )
    assert [name for name in TEMPLATES if pattern.search(markup(name))] == []


def test_templates_are_short() -> None:
    long = {name for name in TEMPLATES if len(text(name).splitlines()) > LONGEST}
    assert long <= set(LONGER)


@sqlite_only
def test_templates_ask_no_questions(app: Flask) -> None:
    """A template shows what it was given: it calls no query and opens no session."""
    for name in TEMPLATES:
        tree = app.jinja_env.parse(text(name))
        called = {node.name for node in tree.find_all(nodes.Name)}
        assert not called & {"db", "queries", "actions", "session", "g"}, name
