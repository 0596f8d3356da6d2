"""An export tells of one moment: what others do to the log meanwhile makes no hole in it."""

import threading
from pathlib import Path
from typing import IO

import pytest
from flask import Flask

from tests.audit.test_forgery import found, look, often
from tests.audit.test_pruning import aged, prune, rows
from wesentra.actor import Acting, acting_as
from wesentra.audit import evidence, read_out
from wesentra.audit.ledger import Wanted
from wesentra.compliance.access_log import export
from wesentra.models.base import db
from wesentra.operations.committing import commit

__all__ = ["aged", "often"]


class Disturbed:
    """A file; with its first line old entries go, and somebody looks."""

    def __init__(self, file: IO[bytes], app: Flask) -> None:
        self.file, self.app, self.done = file, app, False

    def write(self, line: bytes) -> None:
        if not self.done:
            self.done = True
            thread = threading.Thread(target=self.disturb)
            thread.start()
            thread.join()
        self.file.write(line)

    def disturb(self) -> None:
        assert prune(self.app).last
        look(self.app, 99)


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(purpose="sales")], ids=["all", "some"])
def test_entries_that_go_while_an_export_is_written_are_in_it(
    aged: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: Wanted
) -> None:
    monkeypatch.setattr(read_out, "BATCH", 3)
    before, file = rows(aged), tmp_path / "log.jsonl"
    acting = Acting(None, "system", "log_review", "export", channel="cli")
    with aged.app_context(), acting_as(acting), file.open("wb") as target:
        export.write(Disturbed(target, aged), wanted, "jsonl")  # type: ignore[arg-type]
        commit(changes=False)
        db.session.remove()
    lines = file.read_text().splitlines()
    assert sum('"seq"' in line for line in lines) == len(before)
    assert rows(aged)[0] > before[0]
    assert found(aged) is None
    if wanted.only_days:
        key = aged.extensions["wesentra_settings"].instance / "log.pub"
        assert evidence.of_export(file, key).finding is None
