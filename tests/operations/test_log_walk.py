"""The log walked by several processes: as sure as by one, and one alone says what is wrong."""

from functools import partial

import pytest
from flask import Flask

from tests.audit.test_forgery import MANY, forge, look, often
from tests.databases import Database
from wesentra.audit import evidence, keys, stored
from wesentra.audit.seal import fingerprint
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.models.base import db
from wesentra.operations import log_walk

__all__ = ["often"]


@pytest.fixture
def looked(app: Flask) -> Flask:
    """A register with a dozen looks in its log."""
    for number in range(1, MANY + 1):
        look(app, number)
    return app


def verdict(app: Flask, *, quickly: bool) -> Verdict:
    settings = app.extensions["wesentra_settings"]
    quick = partial(log_walk.whole, settings, processes=2) if quickly else None
    with app.app_context():
        return evidence.of_register(db.engine, settings.instance, quick=quick)


def test_processes_say_of_a_whole_log_what_one_says(looked: Flask) -> None:
    settings = looked.extensions["wesentra_settings"]
    key = keys.signing_key(settings.instance).public_key()
    with looked.app_context(), stored.evidence(db.engine, {fingerprint(key): key}) as found:
        quick = log_walk.whole(settings, found, 2)
    assert quick is not None
    assert quick == verdict(looked, quickly=False)
    assert (quick.entries, quick.finding) == (MANY, None)


def test_the_pieces_follow_each_other_from_the_first_entry_to_the_last(looked: Flask) -> None:
    with looked.app_context(), stored.evidence(db.engine, {}) as found:
        for most in range(1, 6):
            parts = log_walk.pieces(found, most)
            assert 1 <= len(parts) <= most
            assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
            assert (parts[0].start, parts[-1].end) == (found.start, found.end)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("update log_entry set role = 'admin' where id = 2", Finding(Fault.CHANGED, 2)),
        ("update log_entry set role = 'admin' where id = 11", Finding(Fault.CHANGED, 11)),
        ("delete from log_entry where id = 5", Finding(Fault.MISSING, 5)),
        ("update log_head set last = 13", Finding(Fault.CUT, 13, 13)),
    ],
)
def test_what_is_wrong_is_named_as_by_one(
    looked: Flask, database: Database, statement: str, finding: Finding
) -> None:
    forge(database, statement)
    assert verdict(looked, quickly=True).finding == finding


def test_a_process_that_cannot_read_leaves_it_to_the_one(
    looked: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_walk, "_walked", _not_there)
    assert verdict(looked, quickly=True) == verdict(looked, quickly=False)


def _not_there(*_: object) -> None:
    raise OSError("no more files")
