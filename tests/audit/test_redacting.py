"""An entry is redacted: whom it concerned is gone from every table, and the chain still holds."""

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.audit.test_forgery import forge, found, look
from tests.audit.test_pruning import keeping, refused
from tests.databases import Database, postgresql_only
from wesentra import clock
from wesentra.audit import redacting
from wesentra.audit.entry import LogSubject
from wesentra.audit.verdict import Fault, Finding
from wesentra.models import LogReviewItem
from wesentra.models.base import db
from wesentra.refusal import NotFound, Refused


@pytest.fixture
def looked(app: Flask) -> Flask:
    """Six looks at six people."""
    for number in range(1, 7):
        look(app, number)
    return app


def redact(app: Flask, number: int, reason: str = "erasure") -> None:
    with keeping(app):
        redacting.redact(number, reason)


@pytest.mark.parametrize("number", [1, 4])
def test_whom_it_concerned_is_gone_and_an_entry_says_so(looked: Flask, number: int) -> None:
    redact(looked, number)
    entries = factories.entries(looked)
    row = entries[number - 1].row
    assert (row.subject_ids, row.fields, row.source, row.endpoint) == ("[]", "[]", "", "")
    assert (row.salt, row.purpose, row.operation, row.shown) == (None, "sales", "view", 1)
    told = entries[-1]
    assert (told.operation, told.subject_type, told.ids, told.fields) == (
        *("log_redact", "entry"),
        *((number,), ("erasure",)),
    )
    with looked.app_context():
        left = db.session.scalars(select(LogSubject.contact_id)).all()
        db.session.remove()
    assert sorted(left) == [each for each in range(1, 7) if each != number]
    assert found(looked) is None


def test_what_cannot_be_redacted_is_refused(looked: Flask, database: Database) -> None:
    redact(looked, 2)
    for number, refusal in ((2, Refused), (7, Refused), (99, NotFound)):
        with pytest.raises(refusal):
            redact(looked, number)
    with pytest.raises(Refused):
        redact(looked, 3, "whim")
    forge(database, "update log_entry set role = 'admin' where id = 3")
    with pytest.raises(Refused, match="changed"):
        redact(looked, 3)
    assert len(factories.entries(looked)) == 7


def test_a_redaction_that_nobody_vouches_for_is_named(looked: Flask, database: Database) -> None:
    redact(looked, 2)
    redact(looked, 3)
    forge(database, "update log_entry set operation = 'view' where operation = 'log_redact'")
    finding = found(looked)
    assert finding is not None
    assert finding.fault == Fault.CHANGED
    forge(
        database,
        "update log_entry set operation = 'log_redact' where id > 6",
        "update log_entry set veil = (select veil from log_entry where id = 2), salt = null"
        " where id = 5",
    )
    assert found(looked) == Finding(Fault.CHANGED, 5)


@pytest.mark.parametrize(
    "change",
    [
        "actor_id = 9",
        "request_id = 'another'",
        "purpose = 'billing'",
        "shown = 2",
        "subject_ids = '[3]'",
        "fields = '[\"email\"]'",
        "source = '10.0.0.9'",
        "reason_id = 1",
        "veil = salt",
    ],
)
def test_what_stays_of_a_redacted_entry_stays_as_it_was(
    looked: Flask, database: Database, change: str
) -> None:
    redact(looked, 4)
    change = change.replace("salt", "(select hash from log_entry where id = 3)")
    forge(database, f"update log_entry set {change} where id = 4")  # noqa: S608 - words above
    assert found(looked) == Finding(Fault.CHANGED, 4)


def test_a_forged_redaction_changes_nothing_but_whom_it_concerned(
    looked: Flask, database: Database
) -> None:
    """An entry that tells of it can be appended by whoever writes to the database; no more."""
    redact(looked, 2)
    forge(
        database,
        "update log_entry set salt = null, actor_id = 9, subject_ids = '[]', fields = '[]',"
        " source = '', endpoint = '', veil = (select veil from log_entry where id = 2)"
        " where id = 4",
    )
    assert found(looked) == Finding(Fault.CHANGED, 4)


@pytest.mark.parametrize(
    "statement",
    [
        "update log_entry set salt = null, veil = hash, purpose = 'billing' where id = 4",
        "update log_entry set salt = null, veil = hash, shown = 0 where id = 4",
        "update log_entry set salt = null, veil = hash, actor_id = 9 where id = 4",
        "update log_entry set subject_ids = '[]' where id = 4",
        "delete from log_subject where entry_id = 4",
    ],
)
def test_nothing_else_of_an_entry_may_change(
    looked: Flask, database: Database, statement: str
) -> None:
    refused(database, statement)


@postgresql_only
def test_the_owners_function_takes_no_other_leaf(looked: Flask, database: Database) -> None:
    engine = create_engine(database.url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("select log_redact(4, 'x', sha256('x'))"))
    engine.dispose()
    assert found(looked) is None


@pytest.mark.parametrize("closed", [False, True])
def test_reviews_forget_whom_a_redacted_entry_concerned(
    looked: Flask, database: Database, closed: bool
) -> None:
    with factories.register(looked):
        review = factories.review(closed_at=None)
        for number in (2, 3):
            factories.review_item(review, "R3", entry_id=number, contact_number=number)
        if closed:
            db.session.flush()
            review.closed_at = clock.now()
    redact(looked, 2)
    with looked.app_context():
        items = db.session.scalars(select(LogReviewItem).order_by(LogReviewItem.entry_id)).all()
        assert [(one.entry_id, one.contact_number) for one in items] == [(2, None), (3, 3)]
        db.session.remove()
    engine = create_engine(database.owner_url)
    for change in ("contact_number = null where entry_id = 3", "entry_id = 4 where entry_id = 2"):
        with engine.connect() as connection, pytest.raises(DBAPIError, match="never changes"):
            connection.execute(text(f"update log_review_item set {change}"))  # noqa: S608
    engine.dispose()
