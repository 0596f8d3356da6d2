"""Rows of files that lie about go at night, also when nobody ever imports anything again."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browser.houses import held
from tests.crm.imports.bringing import begin, bring
from wesentra import clock
from wesentra.crm.imports.states import State
from wesentra.models import Contact, ImportJob, ImportRow, db
from wesentra.models.attribution import seen_by_program
from wesentra.operations import erasing, jobs
from wesentra.settings import Settings

HEADINGS = ("Etunimi", "Sukunimi", "Sähköposti")
GOOD, BAD = ("Aino", "Virtanen", "aino@auto.example.fi"), ("Eero", "Kettunen", "eero@@")


def lines_after(app: Flask, settings: Settings, days: int) -> list[int]:
    """The staged lines that are left when the jobs of a later night have run."""
    with app.app_context(), clock.turned_to(clock.now() + timedelta(days=days)):
        by_night = [one for one in jobs.JOBS if one.work is erasing.leave]
        assert [one.refused for one in jobs.run_due(settings, by_night)] == [None]
    with factories.register(app):
        seen = seen_by_program("figure")
        return [*db.session.scalars(select(ImportRow.line), execution_options=seen)]


def job(app: Flask) -> ImportJob:
    with factories.register(app):
        found = db.session.scalars(select(ImportJob)).one()
        db.session.expunge(found)
        return found


@pytest.mark.parametrize(("days", "left"), [(13, 3), (15, 1)])
def test_rejected_rows_of_an_import_go_after_a_fortnight(
    app: Flask, settings: Settings, days: int, left: int
) -> None:
    bring(app, GOOD, BAD, headings=HEADINGS)
    assert len(lines_after(app, settings, days)) == left
    assert job(app).state == State.DONE
    assert [one.family_name for one in held(app, Contact)] == ["Virtanen"]


@pytest.mark.parametrize(("days", "left"), [(13, 3), (15, 0)])
def test_a_file_that_nobody_went_on_with_goes_as_well(
    app: Flask, settings: Settings, days: int, left: int
) -> None:
    with factories.register(app):
        begin([GOOD, BAD], HEADINGS)
    assert len(lines_after(app, settings, days)) == left
    assert job(app).state == (State.CHECKED if left else State.UNDONE)
    by_night = [one for one in factories.entries(app) if one.row.endpoint == "departures"]
    dropped = [one.ids for one in by_night if one.operation == "delete"]
    assert dropped == ([] if left else [(1,)])
