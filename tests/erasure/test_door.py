"""The one way out: whoever goes leaves a tombstone and nothing else, whatever table it was."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, String, Table, func, select, text

from tests import factories
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.erasure import door, ledger, rows
from wesentra.erasure.reasons import REASONS
from wesentra.models import Contact, FieldChange, ImportJob, ImportRow, Tombstone, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.base import Base
from wesentra.models.personal import personal_classes
from wesentra.refusal import Refused
from wesentra.settings import Settings

NAMES = ("Aino", "Virtanen")


def erased(settings: Settings) -> list[tuple[str, int]]:
    return [(one.kind, one.number) for one in ledger.erased(settings)]


def states(settings: Settings) -> Counter[str]:
    return Counter(kept.state for kept in ledger.states(settings).values())


def stones(app: Flask) -> list[Tombstone]:
    with app.app_context():
        found = db.session.scalars(select(Tombstone).order_by(Tombstone.id)).all()
        db.session.remove()
    return list(found)


def rows_of(app: Flask, number: int) -> dict[str, int]:
    """How many rows of each personal table lead to a contact."""
    counted = {}
    with factories.register(app):
        for way in rows.ways():
            if way.kind == "contact":
                query = select(func.count()).select_from(way.table).where(way.column == number)
                counted[way.table.name] = (
                    db.session.scalar(query, execution_options=seen_by_program("figure")) or 0
                )
    return counted


def somebody_with_everything(app: Flask, **values: str) -> int:
    """A contact with a row in every table that leads to one."""
    with factories.register(app):
        company = factories.company()
        one = factories.contact(*NAMES, company_id=company.id, **values)
        call = factories.interaction(one)
        factories.check(one, interaction_id=call.id)
        factories.change(one, old="before", new="after")
        factories.task(one, interaction_id=call.id)
        factories.notice(one, interaction_id=call.id)
        factories.objection(one)
        factories.restriction(one, lifted_at=clock.now())
        factories.opening(one)
        factories.hold(one)
        factories.disclosure(one, **factories.told())
        job = imported()
        db.session.add(row_of(job, 2, {}, contact_id=one.id))
        return one.id


def imported() -> ImportJob:
    now = clock.now()
    job = ImportJob(state="done", file_sha256="0" * 64, mapping={}, created_at=now, touched_at=now)
    db.session.add(job)
    db.session.flush()
    return job


def row_of(job: ImportJob, line: int, record: dict[str, object], **links: int) -> ImportRow:
    outcome = "created" if links else "rejected"
    return ImportRow(job_id=job.id, line=line, outcome=outcome, reasons=[], record=record, **links)


def test_nothing_of_a_person_stays_in_any_table(app: Flask, settings: Settings) -> None:
    number, other = somebody_with_everything(app), somebody_with_everything(app)
    before = rows_of(app, number)
    assert all(before.values()), "somebody with a row in every table"
    with factories.register(app, "erasure"):
        door.erase([number], [], "request")
    assert not any(rows_of(app, number).values())
    assert rows_of(app, other) == before
    (stone,) = stones(app)
    told = (stone.kind, stone.number, stone.reason, stone.rows, stone.tables)
    assert told == ("contact", number, "request", sum(before.values()), len(before))
    assert stone.erased_by is None
    assert erased(settings) == [("contact", number)]
    assert states(settings) == {"done": 1}
    entries = factories.entries(app, "erasure")
    assert factories.subjects(entries, "contact", "delete") == {number}


@sqlite_only
def test_a_table_of_tomorrow_cannot_be_forgotten(app: Flask) -> None:
    """Each class with a personal column has a way to its person or company, by its marks."""
    found = {way.table.name for way in rows.ways()}
    assert found == {class_.__tablename__ for class_ in personal_classes()}
    scratch = Table(
        "letter", MetaData(), Column("id", Integer), Column("whose", Integer), Column("t", String)
    )
    made = type("Letter", (), {"__table__": scratch, "__subject__": "whose"})
    (way,) = rows.ways([made])  # type: ignore[list-item]
    assert (way.table.name, way.column.name, way.kind) == ("letter", "whose", "contact")


@sqlite_only
def test_what_refers_to_a_row_goes_before_it(app: Flask) -> None:
    order = [way.table.name for way in rows.ways()]
    assert order.index("field_check") < order.index("interaction") < order.index("contact")
    assert order.index("company") < order.index("contact")
    assert set(order) <= set(Base.metadata.tables)


def test_a_sole_trader_s_company_goes_with_the_person(app: Flask, settings: Settings) -> None:
    with factories.register(app):
        company = factories.company("Tmi Virtanen")
        one = factories.contact(*NAMES, company_id=company.id)
        company.person_id = one.id
    with factories.register(app, "erasure"):
        door.erase([one.id], [], "request")
    assert {(stone.kind, stone.number) for stone in stones(app)} == {
        ("contact", one.id),
        ("company", company.id),
    }
    assert set(erased(settings)) == {("contact", one.id), ("company", company.id)}
    entries = factories.entries(app, "erasure")
    assert factories.subjects(entries, "company", "delete") == {company.id}


def test_who_worked_in_a_company_keeps_no_name_of_it(app: Flask) -> None:
    with factories.register(app):
        company, other = factories.company("Vanha Oy"), factories.company("Muu Oy")
        db.session.add(_renamed(company.id, "Vanhin Oy", "Vanha Oy"))
        one = factories.contact(*NAMES, company_id=company.id)
        for old, new in (("Vanhin Oy", "Muu Oy"), ("Muu Oy", "Vanha Oy")):
            factories.change(one, "company", old, new)
        factories.change(one, "title", "Vanha Oy", "Muu Oy")
    with factories.register(app):
        door.erase([], [company.id], "mistake")
    with factories.register(app):
        kept = db.session.scalars(select(FieldChange).order_by(FieldChange.id)).all()
        assert [(row.field, row.old, row.new) for row in kept] == [
            ("company", "", "Muu Oy"),
            ("company", "Muu Oy", ""),
            ("title", "Vanha Oy", "Muu Oy"),  # a text of the person's own
        ]
        assert db.session.get_one(Contact, one.id).company_id is None
    assert other.id


def _renamed(company_id: int, old: str, new: str) -> FieldChange:
    return FieldChange(
        company_id=company_id, field="name", old=old, new=new, at=clock.now(), user_id=None
    )


CELLS = (
    (["VIRTANEN, Aino", ""], True),
    (["Aino", "Virtanen", "bad@@mail"], True),
    (["", "", "AINO@auto.example.fi"], True),
    (["A.", "V.", "040 123 4567"], True),
    (["Aino", "Korhonen", "korhonen@auto.example.fi"], False),
    (["Aino", "", "040 765 4321"], False),
    (["", "", "info@auto.example.fi"], False),
)
"""Cells of a rejected row, and whether they are about Aino Virtanen."""


def test_rejected_rows_about_a_person_go_and_others_stay(app: Flask) -> None:
    with factories.register(app):
        one = factories.contact(*NAMES, email="aino@auto.example.fi", phone="+358401234567")
        job = imported()
        for line, (cells, _) in enumerate(CELLS, 2):
            db.session.add(row_of(job, line, {"cells": cells}))
    with factories.register(app):
        door.erase([one.id], [], "request")
    with factories.register(app):
        left = db.session.scalars(select(ImportRow.line), execution_options=seen("figure")).all()
    assert set(left) == {line for line, (_, about) in enumerate(CELLS, 2) if not about}


def test_rows_with_a_name_or_address_of_before_go_as_well(app: Flask) -> None:
    with factories.register(app):
        one = factories.contact("Aino", "Virtanen", email="aino@auto.example.fi")
        factories.change(one, "family_name", "Lehtinen", "Virtanen")
        factories.change(one, "email", "lehtinen@auto.example.fi", "aino@auto.example.fi")
        job = imported()
        db.session.add(row_of(job, 2, {"cells": ["Aino Lehtinen", "?"]}))
        db.session.add(row_of(job, 3, {"cells": ["", "Lehtinen@auto.example.fi"]}))
        db.session.add(row_of(job, 4, {"cells": ["Bo", "Lehtinen"]}))
    with factories.register(app):
        door.erase([one.id], [], "request")
    with factories.register(app):
        left = db.session.scalars(select(ImportRow.line), execution_options=seen("figure")).all()
    assert left == [4]


def test_an_address_that_others_have_too_names_nobody(app: Flask) -> None:
    shared = {"email": "info@auto.example.fi"}
    with factories.register(app):
        one = factories.contact(*NAMES, **shared)
        factories.contact("Bo", "Berg", **shared)
        job = imported()
        db.session.add(row_of(job, 2, {"cells": ["Bo", "Berg", "info@auto.example.fi"]}))
    with factories.register(app):
        door.erase([one.id], [], "request")
    with factories.register(app):
        assert db.session.scalar(select(ImportRow.line), execution_options=seen("figure")) == 2


def seen(reason: str) -> dict[str, Any]:
    return seen_by_program(reason)


@pytest.mark.parametrize("why", sorted(set(REASONS) - {"request", "restore"}))
def test_who_is_restricted_goes_at_their_own_request_alone(
    app: Flask, settings: Settings, why: str
) -> None:
    with factories.register(app):
        one = factories.contact(*NAMES)
        factories.restriction(one)
    with factories.register(app), pytest.raises(Refused, match="restricted"):
        door.erase([one.id], [], why)
    assert stones(app) == []
    assert erased(settings) == []
    with factories.register(app):
        door.erase([one.id], [], "request")
    assert [stone.number for stone in stones(app)] == [one.id]


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    try:
        with factories.register(app):
            yield
            raise BrokenOff
    except BrokenOff:
        pass
    with app.app_context():
        db.session.remove()


class BrokenOff(Exception):
    """The transaction comes to nothing."""


def test_what_is_rolled_back_is_voided(app: Flask, settings: Settings) -> None:
    number = factories.person(app)
    with rolled_back(app):
        door.erase([number], [], "request")
        assert erased(settings) == [("contact", number)]  # pledged, so a restore would erase it
    assert erased(settings) == []
    assert states(settings) == {"void": 1}
    assert rows_of(app, number)["contact"] == 1


def test_a_savepoint_that_is_rolled_back_is_voided_and_the_rest_is_done(
    app: Flask, settings: Settings
) -> None:
    stays, goes = factories.person(app), factories.person(app)
    with factories.register(app):
        savepoint = db.session.begin_nested()
        door.erase([stays], [], "request")
        savepoint.rollback()
        with db.session.begin_nested():
            door.erase([goes], [], "request")
    assert erased(settings) == [("contact", goes)]
    assert states(settings) == {"void": 1, "done": 1}
    assert [stone.number for stone in stones(app)] == [goes]


def test_nobody_goes_where_the_ledger_cannot_be_written(app: Flask, settings: Settings) -> None:
    number = factories.person(app)
    ledger.path_of(settings).mkdir()
    with pytest.raises(Refused, match="Nothing is erased"), factories.register(app):
        door.erase([number], [], "request")
    with app.app_context():
        db.session.remove()
    assert rows_of(app, number)["contact"] == 1
    assert stones(app) == []


def test_the_log_keeps_a_number_that_leads_nowhere(app: Flask) -> None:
    number = somebody_with_everything(app)
    with factories.register(app):
        door.erase([number], [], "request")
    with app.app_context():
        about = text("SELECT count(*) FROM log_subject WHERE contact_id = :number")
        assert db.session.execute(about, {"number": number}).scalar()
        db.session.remove()
    client = factories.signed_in(app, "privacy")
    assert client.get(f"/contacts/{number}").status_code == 404
