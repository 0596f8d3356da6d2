"""`wesentra log prune` and `log redact`, and the log put to the test afterwards."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests import factories
from tests.audit.test_forgery import look
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.audit import holds
from wesentra.models.base import db, writing
from wesentra.settings import Settings

Run = Callable[..., Result]
OLD = clock.now() - timedelta(days=900)


@pytest.fixture
def aged(app: Flask) -> Flask:
    """Ten old looks, each with a checkpoint, and three of today."""
    for number in range(1, 11):
        with clock.turned_to(OLD + timedelta(hours=number)):
            look(app, number)
    for number in range(11, 14):
        look(app, number)
    return app


@pytest.fixture
def exported(run: Run, aged: Flask, tmp_path: Path) -> Path:
    """An export after old entries went and one was redacted."""
    assert run("log", "prune").exit_code == 0
    assert run("log", "redact", 12, "--reason", "order").exit_code == 0
    assert run("log", "checkpoint").exit_code == 0
    target = tmp_path / "log.jsonl"
    assert run("log", "export", "-o", target).exit_code == 0
    return target


def offline(run: Run, file: Path, settings: Settings) -> Result:
    return run("log", "verify", "--offline", file, "--key", settings.instance / "log.pub")


def test_what_would_go_is_said_and_goes(run: Run, aged: Flask) -> None:
    trial = run("log", "prune", "--dry-run")
    assert trial.output == "The entries 1 to 10 would go: older than 24 months.\n"
    assert factories.entries(aged)[0].row.id == 1
    result = run("log", "prune")
    assert result.output == "The entries 1 to 10 are gone: older than 24 months.\n", result.stderr
    assert factories.entries(aged)[0].row.id == 11
    assert "free to go" in run("log", "prune").output
    verified = run("log", "verify")
    assert verified.exit_code == 0, verified.stderr
    assert "The entries up to 10 went by rule" in verified.output


def test_a_hold_is_named_as_the_reason(run: Run, aged: Flask) -> None:
    token = writing.set(True)
    with aged.app_context(), acting_as(Acting(None, "system", "log_review", "hold")):
        holds.place("breach", "2026-7", OLD.date())
        db.session.commit()
        db.session.remove()
    writing.reset(token)
    result = run("log", "prune")
    assert "Hold 1 keeps what follows, old as it is." in result.output
    assert factories.entries(aged)[0].row.id == 1


def test_a_role_without_the_right_is_refused(run: Run, aged: Flask) -> None:
    factories.user(aged, "staff", "auditor", name="bertta")
    for words in (("prune",), ("redact", 1, "--reason", "order")):
        assert run("log", *words, "--as", "bertta").exit_code == 1
    assert factories.entries(aged)[0].ids == (1,)


def test_an_entry_is_redacted_and_the_log_is_whole(run: Run, aged: Flask) -> None:
    result = run("log", "redact", 4, "--reason", "erasure")
    assert result.output == "Entry 4 of the log is redacted.\n", result.stderr
    assert factories.entries(aged)[3].ids == ()
    assert run("log", "verify").exit_code == 0
    again = run("log", "redact", 4, "--reason", "erasure")
    assert (again.exit_code, again.stderr.count("redacted already")) == (1, 1)
    assert run("log", "redact", 999, "--reason", "order").exit_code == 1
    assert run("log", "redact", 5, "--reason", "whim").exit_code == 2


def test_an_export_after_it_is_verified_with_the_key_alone(
    run: Run, exported: Path, settings: Settings
) -> None:
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    assert lines[0]["seq"] == 11
    assert lines[-1]["type"] == "anchor"
    result = offline(run, exported, settings)
    assert result.exit_code == 0, result.stderr
    assert "The entries up to 10 went by rule" in result.output


@sqlite_only
def test_a_forged_anchor_or_a_cut_front_of_an_export_is_found(
    run: Run, exported: Path, settings: Settings
) -> None:
    lines = exported.read_text().splitlines()
    anchor = json.loads(lines[-1])
    for name, value in anchor.items():
        if name == "type":
            continue
        number = isinstance(value, int)
        other = value + 1 if number else value[:-1] + ("1" if value[-1] != "1" else "2")
        exported.write_text("\n".join([*lines[:-1], json.dumps({**anchor, name: other})]) + "\n")
        assert offline(run, exported, settings).exit_code == 1, name
    prev = lines[0].replace('"prev":"', '"prev":"00', 1)
    exported.write_text("\n".join([prev, *lines[1:]]) + "\n")
    assert "Entry 11 of the log was changed." in offline(run, exported, settings).stderr
    exported.write_text("\n".join(lines[1:]) + "\n")
    assert "Entry 11 of the log is missing." in offline(run, exported, settings).stderr


@sqlite_only
def test_redactions_that_no_entry_of_an_export_tells_of_are_counted(
    run: Run, exported: Path, settings: Settings
) -> None:
    """The entry that vouches may stand behind the end of a part."""
    lines = exported.read_text().splitlines()
    kept = [line for line in lines if json.loads(line).get("seq", 0) <= 13]
    part = [line for line in kept if json.loads(line).get("last", 0) <= 13]
    exported.write_text("\n".join(part) + "\n")
    result = offline(run, exported, settings)
    assert result.exit_code == 0, result.stderr
    assert "Of 1 redactions no entry in this export tells." in result.output
