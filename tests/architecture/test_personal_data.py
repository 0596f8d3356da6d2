"""Every column says whether it is about a person; every person's row is watched."""

import pytest
from flask import Flask
from sqlalchemy import event

from tests.databases import sqlite_only
from wesentra.audit import hooks
from wesentra.models import db
from wesentra.models.base import Base
from wesentra.models.personal import Category, Keep, marks, personal_classes, personal_tables
from wesentra.models.purpose import Purpose

MAPPERS = sorted(Base.registry.mappers, key=str)


@sqlite_only
def test_every_column_is_marked_or_declared(app: Flask) -> None:
    for mapper in MAPPERS:
        for name, column in mapper.columns.items():
            assert "personal" in column.info, f"{mapper.class_.__name__}.{name} says nothing"
    assert {mapper.local_table.name for mapper in MAPPERS} == set(Base.metadata.tables)


@sqlite_only
def test_every_mark_says_what_for_and_how_long(app: Flask) -> None:
    with app.app_context():
        purposes = set(db.session.scalars(db.select(Purpose.key)))
        db.session.remove()
    for class_ in personal_classes():
        for name, mark in marks(class_):
            where = f"{class_.__name__}.{name}"
            assert isinstance(mark.category, Category), where
            assert isinstance(mark.keep, Keep), where
            assert mark.label, where
            assert mark.label[0].isupper(), where
            assert mark.purpose in purposes, where


@sqlite_only
def test_every_personal_class_says_whose_it_is(app: Flask) -> None:
    for class_ in personal_classes():
        name = class_.__name__
        assert hasattr(class_, "__subject__"), name
        columns = class_.__mapper__.columns
        subject, page = class_.__subject__, getattr(class_, "__page__", None)
        assert subject is not None or page is not None, name
        assert subject is None or subject in columns, name
        assert page is None or page[1] in columns, name


@sqlite_only
def test_a_person_s_rows_go_with_the_person(app: Flask) -> None:
    """The way out: what leads to a contact is deleted with it by the database itself."""
    for class_ in personal_classes():
        subject = class_.__subject__  # type: ignore[attr-defined]
        if subject in (None, "id"):
            continue
        keys = class_.__mapper__.columns[subject].foreign_keys
        assert {(key.column.table.name, key.ondelete) for key in keys} == {("contact", "CASCADE")}


@pytest.mark.parametrize("moment", ["load", "refresh"])
@sqlite_only
def test_every_personal_class_is_watched(app: Flask, moment: str) -> None:
    for class_ in personal_classes():
        assert event.contains(class_, moment, hooks._note_shown), class_.__name__


@sqlite_only
def test_no_column_is_named_like_a_personal_table(app: Flask) -> None:
    """The net of the engine reads statements for these names."""
    names = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert not names & personal_tables()


@sqlite_only
def test_the_log_holds_no_values(app: Flask) -> None:
    """Not one column of the log or of accounts is personal in this sense."""
    assert not {"log_entry", "log_subject", "user_account"} & personal_tables()
