"""What came of verifications: stored, unchangeable, and read for what they are able to say."""

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.databases import Database, postgresql_only
from wesentra.audit import results
from wesentra.audit.results import By, Standing
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.models.base import db

BROKEN = Finding(Fault.MOVED, 4, 9)


def keep(app: Flask, made_by: By, finding: Finding | None = None, compared: int = 0) -> None:
    with app.app_context():
        verdict = Verdict(12, 3, finding, last=12, compared=compared)
        results.keep(db.engine, verdict, made_by, 0.5)


def standing(app: Flask) -> Standing | None:
    with app.app_context():
        found = results.standing()
        db.session.remove()
        return found


def finding(app: Flask) -> Finding | None:
    found = standing(app)
    assert found is not None
    assert (found.since is None) == (found.finding is not None)
    return found.finding


def test_before_the_first_verification_nothing_is_known(app: Flask) -> None:
    assert standing(app) is None


def test_whole_since_the_first_of_an_unbroken_row(app: Flask) -> None:
    keep(app, "job")
    keep(app, "job", BROKEN)
    keep(app, "job")
    first = standing(app)
    keep(app, "hand")
    keep(app, "job")
    last = standing(app)
    assert first is not None
    assert last is not None
    assert (last.since, last.finding, last.entries) == (first.at, None, 12)
    assert last.at > first.at


def test_what_the_job_found_is_wrong_until_somebody_finds_the_log_whole(app: Flask) -> None:
    keep(app, "job")
    keep(app, "job", BROKEN)
    assert finding(app) == BROKEN
    keep(app, "job")
    assert finding(app) is None


def test_what_a_person_found_is_wrong_until_a_person_finds_the_log_whole(app: Flask) -> None:
    keep(app, "hand", BROKEN)  # perhaps against copies that the job does not have
    keep(app, "job")
    assert finding(app) == BROKEN
    keep(app, "hand")
    assert finding(app) is None


def test_what_was_found_against_copies_stays_until_as_late_ones_are_seen(app: Flask) -> None:
    keep(app, "job", BROKEN, compared=7)
    for made_by in ("job", "hand"):
        keep(app, made_by, compared=6)  # type: ignore[arg-type]
        assert finding(app) == BROKEN
    keep(app, "job", compared=7)
    assert finding(app) is None


def test_copies_that_lack_settle_nothing_and_hide_nothing(app: Flask) -> None:
    keep(app, "job", BROKEN, compared=7)
    lacking = Finding(Fault.COPIES, 0, 7)
    keep(app, "job", lacking, compared=7)
    assert finding(app) == BROKEN
    keep(app, "job", compared=3)
    assert finding(app) == BROKEN
    keep(app, "job", compared=8)
    assert finding(app) is None
    keep(app, "job", lacking, compared=8)
    assert finding(app) == lacking


def test_what_a_person_found_is_not_forgotten_over_a_later_fault(app: Flask) -> None:
    keep(app, "hand", BROKEN)
    keep(app, "job", Finding(Fault.CHANGED, 2))
    keep(app, "job")
    assert finding(app) == BROKEN


@pytest.mark.parametrize(
    "statement",
    ["update log_verification set fault = null", "delete from log_verification"],
)
def test_a_result_can_be_neither_changed_nor_removed(
    app: Flask, database: Database, statement: str
) -> None:
    keep(app, "job", BROKEN)
    for url, says in ((database.owner_url, "append-only"), (database.url, "append-only|denied")):
        engine = create_engine(url)
        with engine.connect() as connection, pytest.raises(DBAPIError, match=says):
            connection.execute(text(statement))
        engine.dispose()
    assert finding(app) == BROKEN


@postgresql_only
def test_results_cannot_be_emptied(app: Flask, database: Database) -> None:
    test_a_result_can_be_neither_changed_nor_removed(app, database, "truncate log_verification")
