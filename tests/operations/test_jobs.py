"""Work that is done by itself: once, by whoever comes first; who is gone is succeeded."""

import errno
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.architecture.test_house_rules import ROOT
from tests.databases import Database, sqlite_only
from tests.servers import LiveServer, clean_environ
from wesentra import clock
from wesentra.audit.entry import LogEntry
from wesentra.audit.results import LogVerification
from wesentra.models import Contact, Job, db
from wesentra.operations import beside, jobs, leases
from wesentra.operations.due import Daily, Every
from wesentra.refusal import Refused
from wesentra.settings import Settings

SLEEPER = """
import sys, time
from wesentra.app import create_app
from wesentra.operations import jobs
from wesentra.operations.due import Daily
from wesentra.settings import load

def sleep(_settings):
    print("begun", flush=True)
    time.sleep(60)

settings = load(sys.argv[1])
with create_app(settings).app_context():
    jobs.run_due(settings, [jobs.Job("sleeper", Daily(3), "maintenance", sleep)])
"""


def program(database: Database, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=clean_environ() | database.environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def known(app: Flask, name: str) -> Job | None:
    with app.app_context():
        found = db.session.get(Job, name)
        db.session.remove()
        return found


def verifications(app: Flask) -> int:
    with app.app_context():
        number = len(db.session.scalars(select(LogVerification.id)).all())
        db.session.remove()
        return number


def by_jobs(app: Flask) -> list[LogEntry]:
    """The entries that jobs left."""
    with app.app_context():
        found = db.session.scalars(select(LogEntry).filter_by(channel="job")).all()
        db.session.remove()
        return list(found)


def run(app: Flask, settings: Settings, *which: jobs.Job) -> list[str]:
    """Run these jobs; the names of those that were not done."""
    with app.app_context():
        return [one.job for one in jobs.run_due(settings, which) if one.refused]


def test_two_processes_at_once_do_the_work_once(
    app: Flask, database: Database, settings: Settings
) -> None:
    words = ("-m", "wesentra", "--instance", str(settings.instance), "jobs", "run")
    several = [program(database, *words) for _ in range(3)]
    said = [each.communicate(timeout=120) for each in several]
    assert [each.returncode for each in several] == [0, 0, 0], said
    assert verifications(app) == 1
    own = by_jobs(app)
    assert sorted({entry.endpoint for entry in own}) == [
        *("departures", "log_checkpoint", "log_verification", "retention")
    ]
    assert len({entry.request_id for entry in own}) == 4
    assert {(entry.role, entry.actor_id, entry.purpose) for entry in own} == {
        ("system", None, "log_review"),
        ("system", None, "maintenance"),
    }


def test_what_was_lacking_and_is_done_by_another_process_meanwhile_is_not_done_again(
    app: Flask, settings: Settings
) -> None:
    done: list[Settings] = []
    other = jobs.Job("tidy", Daily(3), "maintenance", done.append)

    def lacks(_settings: Settings) -> bool:
        run(app, settings, other)
        return True

    assert run(app, settings, replace(other, lacks=lacks)) == []
    assert len(done) == 1
    run(app, settings, replace(other, lacks=lambda _settings: True))
    assert len(done) == 2


def test_a_killed_job_is_taken_over_when_its_lease_ends(
    app: Flask, database: Database, settings: Settings
) -> None:
    sleeper = program(database, "-c", SLEEPER, str(settings.instance))
    assert sleeper.stdout
    assert sleeper.stdout.readline() == "begun\n"
    sleeper.send_signal(signal.SIGKILL)
    sleeper.communicate()
    done = []
    mine = jobs.Job("sleeper", Daily(3), "maintenance", done.append)
    assert run(app, settings, mine) == []
    assert done == []
    with clock.turned_to(clock.now() + jobs.HALF_AN_HOUR + timedelta(seconds=1)):
        run(app, settings, mine)
    assert len(done) == 1
    row = known(app, "sleeper")
    assert row is not None
    assert (row.outcome, row.leased_until) == ("done", None)


def test_who_comes_back_after_their_lease_changes_nothing(app: Flask, settings: Settings) -> None:
    with app.app_context():
        lease = timedelta(minutes=1)
        mine = leases.take(db.engine, "slow", lease, lambda *_: True)
        assert mine is not None
        with clock.turned_to(clock.now() + 2 * lease):
            theirs = leases.take(db.engine, "slow", lease, lambda *_: True)
            leases.give_back(db.engine, "slow", mine, "refused")
    row = known(app, "slow")
    assert row is not None
    assert (row.leased_until, row.outcome) == (theirs, "")


def test_a_job_that_fails_is_written_down_without_its_words_and_stops_nobody(
    app: Flask, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_settings: Settings) -> None:
        raise KeyError(" ".join(("Aino", "Virtanen")))

    def refuses(_settings: Settings) -> None:
        raise Refused("No.")

    done = []
    always = Every(timedelta(minutes=1))
    failed = run(
        app,
        settings,
        jobs.Job("breaks", always, "maintenance", breaks),
        jobs.Job("refuses", always, "maintenance", refuses),
        jobs.Job("goes-on", always, "maintenance", done.append),
    )
    assert failed == ["breaks", "refuses"]
    assert len(done) == 1
    names = ("breaks", "refuses", "goes-on")
    rows = [row for name in names if (row := known(app, name)) is not None]
    assert [row.outcome for row in rows] == ["broken", "refused", "done"]
    assert [row.done_at is None for row in rows] == [True, True, False]
    assert "KeyError" in caplog.text
    assert "Aino Virtanen" not in caplog.text


@pytest.mark.parametrize("step", ["take", "give_back"])
def test_a_lease_that_cannot_be_had_or_given_back_stops_nobody(
    app: Flask,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    step: str,
) -> None:
    whole = getattr(leases, step)

    def fails(engine: Engine, name: str, *given: Any) -> Any:
        if name == "first":
            raise OperationalError("no", None, Exception(" ".join(("is", "locked"))))
        return whole(engine, name, *given)

    monkeypatch.setattr(leases, step, fails)
    done = []
    names = ("first", "second")
    mine = [jobs.Job(name, Daily(3), "maintenance", done.append) for name in names]
    assert run(app, settings, *mine) == ["first"]
    assert len(done) == (1 if step == "take" else 2)
    assert "OperationalError" in caplog.text
    assert "is locked" not in caplog.text


def test_what_a_job_changed_is_stored_with_its_entry_or_not_at_all(
    app: Flask, settings: Settings
) -> None:
    number = factories.person(app)

    def change(_settings: Settings) -> None:
        db.session.get_one(Contact, number).title = "done by itself"

    def change_and_break(settings: Settings) -> None:
        change(settings)
        db.session.flush()
        raise Refused("No.")

    once = Daily(3)
    run(app, settings, jobs.Job("half", once, "maintenance", change_and_break, changes=True))
    with factories.register(app):
        assert db.session.get_one(Contact, number).title != "done by itself"
    run(app, settings, jobs.Job("whole", once, "maintenance", change, changes=True))
    with factories.register(app):
        assert db.session.get_one(Contact, number).title == "done by itself"
    told = [(entry.endpoint, entry.operation) for entry in by_jobs(app)]
    assert ("whole", "update") in told
    assert ("half", "update") not in told


# --- beside the server ------------------------------------------------------------------------


@sqlite_only
def test_the_jobs_go_on_when_no_process_could_be_started(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Enough(Exception):
        """Three times were waited for."""

    tried: list[float] = []

    def sleep(seconds: float) -> None:
        tried.append(seconds)
        if len(tried) > 3:
            raise Enough

    def no_process(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(beside, "end_with_parent", lambda: None)
    monkeypatch.setattr(beside.signal, "signal", lambda *_: None)
    monkeypatch.setattr(beside.os, "nice", lambda _: None)
    monkeypatch.setattr(beside.time, "sleep", sleep)
    monkeypatch.setattr(beside.subprocess, "Popen", no_process)
    with pytest.raises(Enough):
        beside._again_and_again(settings.instance)
    assert tried == [beside.FIRST, *[beside.PAUSE] * 3]
    assert caplog.text.count("could not be started") == 3


def members(group: int) -> list[str]:
    """The processes of a server's own session that still live."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == group and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


def until(done: object, seconds: float = 90) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def at_work(app: Flask, database: Database, settings: Settings) -> LiveServer:
    """A server that does by itself what is due."""
    environ = database.environ() | {"WESENTRA_JOBS": "yes", "WESENTRA_LOG_STDOUT": "yes"}
    factories.person(app)
    with app.app_context():
        db.engine.dispose()
    return LiveServer(settings.instance, environ).start()


def test_the_server_verifies_and_signs_by_itself_and_leaves_nobody_behind(
    app: Flask, at_work: LiveServer
) -> None:
    try:
        assert until(lambda: (row := known(app, "log_copies")) and row.outcome == "done")
        assert verifications(app) == 1
    finally:
        at_work.process.terminate()
        output, errors = at_work.process.communicate(timeout=60)
    assert at_work.process.returncode == 0, errors
    assert '"type":"checkpoint"' in output
    assert not errors
    assert until(lambda: members(at_work.process.pid) == [])


@sqlite_only
def test_nobody_outlives_a_killed_server(app: Flask, at_work: LiveServer) -> None:
    assert until(lambda: known(app, "log_verification") is not None)  # one runs just now
    at_work.process.kill()
    at_work.process.communicate()
    assert until(lambda: members(at_work.process.pid) == [])


@sqlite_only
def test_a_server_that_shall_not_does_no_jobs(
    app: Flask, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = LiveServer(settings.instance, database.environ()).start()
    time.sleep(4)
    assert server.stop() == 0
    assert known(app, "log_verification") is None
