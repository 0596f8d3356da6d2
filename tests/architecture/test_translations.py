"""The catalogues: Finnish and Swedish say everything, and say it about the same things.

English is the source and needs no catalogue. `make texts` brings the others up to date.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask

from tests import factories
from tests.databases import sqlite_only
from wesentra.assets import translations
from wesentra.sentences import say

ROOT = Path(__file__).parents[2]
LANGUAGES = ("fi", "sv")
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "mark": None,
    "mark_several": (1, 2),
    "ngettext": (1, 2),
}
PLACE = re.compile(r"%\(\w+\)[sd]|%%|%")
ENDS = (".", "?", ":", "…")
Id = str | tuple[str, ...]


@cache
def in_sources() -> frozenset[Id]:
    """Every text for people that stands in the sources."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, KEYWORDS)
    return frozenset(text for _, _, text, _, _ in found)


@cache
def catalogue(language: str) -> Catalog:
    """The catalogue as it is kept."""
    file = translations() / language / "LC_MESSAGES" / "messages.po"
    with file.open("rb") as po:
        return read_po(po, locale=language, abort_invalid=True)


def said(language: str) -> list[tuple[str, str]]:
    """Each text with its translation, and each of its forms where a number decides."""
    pairs = []
    for message in catalogue(language):
        if isinstance(message.id, tuple):
            pairs += [(message.id[-1], form) for form in message.string]
        elif message.id:
            pairs.append((message.id, str(message.string)))
    return pairs


def ids(language: str) -> set[Id]:
    """Every text that a catalogue knows."""
    return {message.id for message in catalogue(language) if message.id}


def test_the_sources_were_read() -> None:
    assert {"Save", "Access log", "Choose the group."} <= in_sources()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_sources_is_missing(language: str) -> None:
    assert sorted(map(str, in_sources() - ids(language))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_kept_that_nobody_says_any_more(language: str) -> None:
    assert sorted(map(str, ids(language) - in_sources())) == []
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated_and_nothing_guessed(language: str) -> None:
    assert [text for text, translation in said(language) if not translation.strip()] == []
    assert [message.id for message in catalogue(language) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_places_for_values_agree(language: str) -> None:
    for text, translation in said(language):
        assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(translation)), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_stays_a_sentence_and_a_label_a_label(language: str) -> None:
    """A full stop or a question mark at the end belongs to both or to neither."""
    differ = [
        (text, translation)
        for text, translation in said(language)
        if (text[-1] in ENDS or translation[-1] in ENDS) and text[-1] != translation[-1]
    ]
    assert differ == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_are_those_of_the_language(language: str) -> None:
    """Finnish and Swedish write ”so”, never “so” or "so"."""
    assert [translation for _, translation in said(language) if set(translation) & set('“"')] == []


@sqlite_only
@pytest.mark.parametrize(
    ("language", "words"), [("fi", "Kirjaudu sisään"), ("sv", "Logga in"), ("en", "Sign in")]
)
def test_a_page_speaks_the_language_of_the_browser(app: Flask, language: str, words: str) -> None:
    answer = factories.browser(app).get("/login", headers={"Accept-Language": language})
    assert words in answer.text
    assert f'<html lang="{language}"' in answer.text


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("fi", "Tiedosto /x on tyhjä."),
        ("sv", "Filen /x är tom."),
        ("en", "The file /x is empty."),
    ],
)
def test_the_command_line_speaks_the_language_of_the_installation(language: str, line: str) -> None:
    assert say("The file %(file)s is empty.", {"file": "/x"}, language) == line
