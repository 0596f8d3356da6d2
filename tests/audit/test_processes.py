"""Several processes write into one log at once; one of them is killed in the middle."""

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask

from tests import factories
from tests.audit.test_forgery import found
from tests.databases import Database
from wesentra.settings import Settings

ROOT = Path(__file__).parents[2]
PROCESSES, EACH = 4, 60


def start(database: Database, settings: Settings, name: str) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "tests.audit.appender",
        str(settings.instance),
        name,
        str(EACH),
    ]
    environ = {**os.environ, **database.environ()}
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)


def test_no_gap_no_fork_and_nothing_lost_also_when_one_is_killed(
    app: Flask, database: Database, settings: Settings
) -> None:
    writers = [start(database, settings, f"writer{number}") for number in range(PROCESSES)]
    victim = writers[0]
    assert victim.stdout is not None
    acknowledged = {victim.stdout.readline().strip() for _ in range(EACH // 3)}
    victim.kill()
    for writer in writers:
        said, _ = writer.communicate(timeout=60)
        acknowledged |= set(said.splitlines())
    entries = factories.entries(app)
    assert [entry.row.id for entry in entries] == list(range(1, len(entries) + 1))
    requests = [entry.row.request_id for entry in entries]
    assert len(set(requests)) == len(requests)
    assert acknowledged <= set(requests)
    assert len(acknowledged) >= (PROCESSES - 1) * EACH
    assert found(app) is None
