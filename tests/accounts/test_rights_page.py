"""The page of who may what says what the one table decides, and every part of it."""

import pytest
from flask import Flask

from tests import factories, pages
from tests.databases import sqlite_only
from wesentra.accounts import rights
from wesentra.web.permissions import PERMISSIONS


def test_every_permission_has_its_words_once() -> None:
    """A right without words would be one that nobody knows of."""
    named = [name for area in rights.AREAS.values() for name in area]
    assert sorted(named) == sorted(PERMISSIONS)
    words = [right.what for area in rights.areas().values() for right in area]
    assert len(words) == len(set(words))


def test_every_verb_of_a_permission_has_a_kind() -> None:
    verbs = {name.rpartition(".")[2] for name in PERMISSIONS}
    assert verbs <= rights.KINDS.keys()


def test_to_see_to_export_and_to_erase_are_different_rights() -> None:
    """Whoever sees people does not thereby export them; nobody erases by a right to export."""
    kinds = {name: rights.KINDS[name.rpartition(".")[2]] for name in PERMISSIONS}
    assert kinds["contacts.read"] == rights.SEE
    assert kinds["contacts.export"] == rights.EXPORT
    assert kinds["contacts.delete"] == rights.ERASE
    assert set(PERMISSIONS["contacts.export"]) < set(PERMISSIONS["contacts.read"])


@sqlite_only
@pytest.mark.parametrize("role", ["privacy", "admin", "auditor"])
def test_who_answers_for_it_reads_the_table_that_decides(app: Flask, role: str) -> None:
    client = factories.signed_in(app, role)
    page = pages.visit(client, "/settings/rights/")
    html = page.response.text
    for area in rights.areas().values():
        for right in area:
            row = html.partition(f'<th scope="row">{right.what}</th>')[2].partition("</tr>")[0]
            may = [
                key
                for key, name in zip(
                    rights.COLUMNS,
                    ("staff", "privacy contact", "administrator", "auditor", "the program"),
                    strict=True,
                )
                if f'data-label="{name}"' in row
            ]
            assert tuple(may) == right.holders, right
    assert [one.operation for one in factories.entries_of(app, page.response)] == []


@sqlite_only
def test_the_staff_does_not_need_it(app: Flask) -> None:
    assert factories.signed_in(app, "staff").get("/settings/rights/").status_code == 403


@sqlite_only
def test_it_is_found_from_the_users_and_from_the_right_to_process(app: Flask) -> None:
    admin, privacy = factories.signed_in(app, "admin"), factories.signed_in(app, "privacy")
    assert pages.visit(admin, "/settings/users/").link("Who may what").href == "/settings/rights/"
    assert pages.visit(privacy, "/dashboard/rights").link("Who may what")
