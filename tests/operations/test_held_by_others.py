"""Somebody else holds the register, or its ledger: it is said in time, nothing is changed, and
when they let go the same command does its work."""

import fcntl
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from tests.databases import postgresql_only, sqlite_only
from tests.erasure import unmistakable
from tests.operations import purging
from tests.operations.backing import Keeper, people_of, refused
from tests.operations.test_backups_interrupted import program, wesentra
from wesentra.erasure import ledger
from wesentra.operations.backups import leftovers

pytestmark = pytest.mark.long
HELD = "The register is held by another program and stayed locked."
LONG_ENOUGH = 120


def told(keeper: Keeper, commands: Sequence[Sequence[object]]) -> list[str]:
    """What each of these commands says that cannot do its work; they run at the same time."""
    running = [program(keeper, "wesentra", *wesentra(keeper, *words)) for words in commands]
    said = []
    for process in running:
        _, line = process.communicate(timeout=LONG_ENOUGH)
        assert process.returncode == 1, line
        assert line.count(b"\n") == 1, line
        said.append(line.decode())
    return said


@contextmanager
def written_to(keeper: Keeper) -> Iterator[None]:
    """Another program is in the middle of a transaction."""
    path = purging.place(keeper)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def ledger_held(keeper: Keeper) -> Iterator[None]:
    with ledger.path_of(keeper.settings).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@sqlite_only
def test_while_another_program_writes_nothing_is_half_done(
    app: Flask, keeper: Keeper, tmp_path: Path
) -> None:
    file, before = keeper.backup(), purging.rows(keeper)
    key = tmp_path / "key.txt"
    key.write_text(keeper.key)
    erase = ("erase", 1, "--reason", "request")
    restore = ("restore", file, "--identity", key)
    late = keeper.folder / "late.age"
    with written_to(keeper):
        others = told(keeper, [erase, ("retention", "run"), ("backup", late)])
        (in_use,) = told(keeper, [restore])
        assert all(HELD in line for line in others), others
        assert "The register is in use" in in_use
        assert purging.rows(keeper) == before
    assert [one.name for one in keeper.folder.iterdir()] == [file.name]
    assert not list(tmp_path.rglob(leftovers.STAGING))
    assert not list(ledger.erased(keeper.settings))
    assert keeper.run("retention", "run").exit_code == 0
    assert keeper.run("backup", late).exit_code == 0
    assert keeper.run(*erase).exit_code == 0
    assert keeper.restore(file).exit_code == 0
    assert people_of(keeper).keys() == {2, 3}, "who was erased since is erased again"


@sqlite_only
def test_a_ledger_that_another_program_holds_erases_nobody(keeper: Keeper, app: Flask) -> None:
    """It is waited for, but not for ever: everybody who writes waits behind it."""
    purging.crowd(app)
    (keeper.settings.instance / "settings.toml").write_text("retention_percent = 100\n")
    keeper.backup()
    before = purging.rows(keeper)
    with ledger_held(keeper):
        lines = told(keeper, [("erase", 4, "--reason", "request"), ("retention", "run")])
        assert all("another program holds the ledger" in line for line in lines), lines
        assert purging.rows(keeper) == before
        assert keeper.run("backup", keeper.folder / "beside.age").exit_code == 0
    assert keeper.run("retention", "run").exit_code == 0
    gone = {number + 3 for number in purging.DUE}  # behind the three who were there
    assert {one.number for one in ledger.erased(keeper.settings)} == gone
    left = unmistakable.found_in(purging.place(keeper).parent, purging.EVERYBODY)
    assert left.keys() == {*purging.EVERYBODY} - {*purging.DUE}


@postgresql_only
def test_on_postgresql_a_lock_is_waited_for_as_long(keeper: Keeper) -> None:
    before = people_of(keeper)
    keeper.backup()
    engine = create_engine(keeper.database.owner_url)
    late = keeper.folder / "late.age"
    with engine.connect() as other:
        other.execute(text("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE"))
        erase, backup = told(keeper, [("erase", 1, "--reason", "request"), ("backup", late)])
        assert HELD in erase
        assert "timeout" in backup
        other.rollback()
    engine.dispose()
    assert not late.exists()
    assert people_of(keeper) == before
    refused(keeper.run("erase", 99, "--reason", "request"), "not in the register")
    assert keeper.run("erase", 1, "--reason", "request").exit_code == 0
    assert people_of(keeper).keys() == {2, 3}
