"""The clock is set back, or two who write saw it at once: the log is whole all the same."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.audit.test_forgery import copied, found, look, often
from tests.audit.test_pruning import keeping
from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.app import create_app
from wesentra.audit import chain, evidence, ledger, pruning
from wesentra.audit.day import LogDay, finnish
from wesentra.audit.ledger import Wanted
from wesentra.compliance.access_log import export
from wesentra.models.base import db
from wesentra.settings import Settings

__all__ = ["often"]
YESTERDAY = clock.today() - timedelta(days=1)
MIDNIGHT = datetime.combine(YESTERDAY, time(), clock.HELSINKI)
A_BIT = timedelta(milliseconds=5)


def look_at(app: Flask, moment: datetime, number: int) -> None:
    with clock.turned_to(moment):
        look(app, number)


def moments(app: Flask) -> list[datetime]:
    return [entry.row.at for entry in factories.entries(app)]


def requests_by_day(app: Flask) -> dict[date, int]:
    with app.app_context():
        rows = db.session.execute(select(LogDay.day, LogDay.requests)).all()
        db.session.remove()
    return {row.day: row.requests for row in rows}


def exported(app: Flask, folder: Path, wanted: Wanted) -> tuple[list[int], object]:
    """The numbers in an export, and what its verification names."""
    file = folder / "log.jsonl"
    with keeping(app), file.open("wb") as target:
        numbers = [entry.id for entry in ledger.each(ledger.stretch(wanted))]
        export.write(target, wanted, "jsonl")
    key = app.extensions["wesentra_settings"].instance / "log.pub"
    return numbers, evidence.of_export(file, key).finding


def test_who_saw_the_clock_before_midnight_and_wrote_after_another_is_of_the_new_day(
    app: Flask, tmp_path: Path
) -> None:
    """The one waits for the end of the chain while the other writes there."""
    look_at(app, MIDNIGHT - timedelta(minutes=1), 1)
    look_at(app, MIDNIGHT + A_BIT, 2)
    look_at(app, MIDNIGHT - A_BIT, 3)
    assert [finnish(at) - YESTERDAY for at in moments(app)] == [
        timedelta(days=-1),
        *[timedelta()] * 2,
    ]
    assert moments(app) == sorted(moments(app))
    assert requests_by_day(app) == {YESTERDAY - timedelta(days=1): 1, YESTERDAY: 2}
    assert found(app) is None
    day_before = Wanted(last=YESTERDAY - timedelta(days=1))
    assert exported(app, tmp_path, day_before) == ([1], None)


def test_a_request_that_waited_at_midnight_is_counted_once(app: Flask) -> None:
    look_at(app, MIDNIGHT + A_BIT, 1)
    acting = Acting(1, "staff", "sales", "in two batches", source="127.0.0.1")
    with app.app_context(), acting_as(acting):
        for moment in (MIDNIGHT - A_BIT, MIDNIGHT + timedelta(seconds=1)):
            with clock.turned_to(moment):
                acting.event("export", "contact", [1], ["email"])
                db.session.commit()
        db.session.remove()
    with app.app_context():
        asked = select(LogDay.day, LogDay.requests, LogDay.entries).filter_by(operation="export")
        assert db.session.execute(asked).all() == [(YESTERDAY, 1, 2)]
        db.session.remove()
    assert found(app) is None


def test_another_process_goes_on_where_the_last_one_was(app: Flask, settings: Settings) -> None:
    look_at(app, MIDNIGHT + A_BIT, 1)
    other = create_app(settings)
    look_at(other, MIDNIGHT - A_BIT, 2)
    look_at(app, MIDNIGHT, 3)
    with other.app_context():
        db.engine.dispose()
    assert moments(app) == [MIDNIGHT + A_BIT] * 3


@pytest.mark.parametrize("back", [timedelta(days=1), timedelta(days=1000)])
def test_a_clock_that_was_set_back_is_believed_and_the_log_is_whole(
    app: Flask, tmp_path: Path, back: timedelta
) -> None:
    """It may have been ahead for years before: what is true now shall stand in the log."""
    noon = MIDNIGHT + timedelta(hours=12)
    hours = [noon, noon + timedelta(hours=1), noon - back, noon - back + timedelta(hours=1)]
    for number, moment in enumerate([*hours, noon + timedelta(hours=2)], 1):
        look_at(app, moment, number)
    assert moments(app)[2] == noon - back
    assert found(app) is None
    assert exported(app, tmp_path, Wanted(first=YESTERDAY)) == ([1, 2, 3, 4, 5], None)
    behind = Wanted(last=finnish(noon - back))
    assert exported(app, tmp_path, behind) == ([3, 4], None)


def test_nothing_is_written_on_a_day_whose_entries_are_gone(app: Flask) -> None:
    long_ago = clock.now() - timedelta(days=900)
    for number in range(1, 13):
        look_at(app, long_ago + timedelta(days=number), number)
    look(app, 13)
    with keeping(app):
        pruning.prune(app.extensions["wesentra_settings"].instance, 24)
    for number in range(2):
        look_at(app, long_ago + timedelta(days=2, hours=number), 14)
    assert found(app) is None


def test_a_clock_that_was_ahead_keeps_no_checkpoint_waiting(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "CHECKPOINT_ENTRIES", 1000)
    look_at(app, clock.now() + timedelta(days=365), 1)
    before = len(copied(app))
    look(app, 2)
    assert len(copied(app)) == before + 1
    look(app, 3)
    assert len(copied(app)) == before + 1
