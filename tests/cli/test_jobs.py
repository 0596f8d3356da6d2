"""`wesentra jobs run`: what it says, and that what lacks somewhere is brought at once."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.audit.test_forgery import look
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.settings import Settings

Run = Callable[..., Result]
NAMES = (
    "Verification of the log",
    "Signature of the log",
    "Count of the fields that are used",
    "Removal of old entries of the log",
    "Copies of the checkpoints",
    "Erasure of those whose waiting is over",
    "Retention run",
    "Comparison of the ledger of erasures",
    "Clearing of what is left of the erased",
)


def told(result: Result) -> dict[str, str]:
    """What was said, by job."""
    return dict(line.split(": ", 1) for line in result.stdout.splitlines())


def numbers(folder: Path) -> int:
    """How many checkpoints a folder has got."""
    file = folder / "wesentra-checkpoints.jsonl"
    return len(file.read_text().splitlines()) if file.exists() else 0


def test_each_job_is_a_line_with_its_result_and_its_next_time(run: Run, app: Flask) -> None:
    first = run("jobs", "run")
    assert first.exit_code == 0, first.output
    assert tuple(told(first)) == NAMES
    assert all(said.startswith("done. Next: ") for said in told(first).values())
    again = told(run("jobs", "run"))
    assert {said.partition(" Next: ")[0] for said in again.values()} == {"not due."}
    tomorrow = (clock.now() + timedelta(hours=21)).astimezone(clock.HELSINKI).date()
    assert again[NAMES[0]].endswith(f"{tomorrow.day} {tomorrow:%b %Y}, 03:00.")


def test_a_place_that_lacks_something_gets_it_at_once(
    run: Run, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(app, 1)
    assert run("jobs", "run").exit_code == 0
    share = tmp_path / "share"
    share.mkdir()
    monkeypatch.setenv("WESENTRA_LOG_COPIES", str(share))
    assert told(run("jobs", "run"))[NAMES[4]].startswith("done.")
    had = numbers(share)
    assert had
    share.rename(tmp_path / "away")
    look(app, 2)
    assert run("log", "checkpoint").exit_code == 1
    failed = run("jobs", "run")
    assert failed.exit_code == 1
    assert told(failed)[NAMES[4]].startswith("failed. Next: ")
    assert told(failed)[NAMES[0]].startswith("not due.")
    assert failed.stderr.startswith("wesentra: Not everything was done. log_copies: ")
    (tmp_path / "away").rename(share)
    assert told(run("jobs", "run"))[NAMES[4]].startswith("done.")
    assert numbers(share) == had + 1
    assert told(run("jobs", "run"))[NAMES[4]].startswith("not due.")


def test_a_folder_that_is_given_up_is_forgotten_at_once_and_a_new_one_gets_everything(
    run: Run, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = [tmp_path / "old", tmp_path / "new"]
    for share in shares:
        share.mkdir()
        look(app, 1)
        monkeypatch.setenv("WESENTRA_LOG_COPIES", str(share))
        run("jobs", "run")
        monkeypatch.delenv("WESENTRA_LOG_COPIES")
        assert told(run("jobs", "run"))[NAMES[4]].startswith("done.")
    assert numbers(shares[1]) >= numbers(shares[0]) > 0


@sqlite_only
def test_it_speaks_the_installation_s_language(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WESENTRA_LANGUAGE", "fi")
    assert run("jobs", "run").stdout.startswith("Lokin tarkistus: tehty. Seuraavan kerran ")
