"""A purge that is killed, or finds no room, or no ledger: everybody is whole or gone, it is said,
and the next run ends it with the right figures."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.databases import Database, sqlite_only
from tests.erasure import unmistakable
from tests.operations import purging
from tests.operations.backing import Keeper, refused
from tests.operations.test_backups_interrupted import killed_after, program, room_of, wesentra
from wesentra import clock
from wesentra.erasure import ledger
from wesentra.settings import Settings

pytestmark = [sqlite_only, pytest.mark.long]
RUN = "wesentra.compliance.retention.run"
LONG_ENOUGH = 120


@pytest.fixture
def keeper(
    app: Flask, database: Database, settings: Settings, tmp_path: Path
) -> Keeper:  # fmt: skip
    """A register of which half go at once."""
    purging.crowd(app)
    (settings.instance / "settings.toml").write_text("retention_percent = 100\n")
    (tmp_path / "backups").mkdir()
    return Keeper(database, settings, tmp_path / "backups")


def fails(keeper: Keeper, *words: object, module: str = "wesentra", **options: object) -> str:
    """Run a command that cannot do its work; the one line in which it says so."""
    process = program(keeper, module, *wesentra(keeper, *words), **options)
    _, told = process.communicate(timeout=LONG_ENOUGH)
    assert process.returncode == 1, told
    line = told.decode().splitlines()[-1]
    assert line.startswith("wesentra: ")
    return line


def demand_ended(keeper: Keeper, before: dict[int, int], *words: object) -> None:
    """Now it goes to its end, and the certificate counts everybody once."""
    done = keeper.run(*words)
    assert done.exit_code == 0, done.output
    assert purging.demand_nothing_between(keeper, before) == {*purging.DUE}
    state, counts = purging.certificate(keeper)
    assert (state, counts["gone.contact"]) == ("done", len(purging.DUE))
    left = unmistakable.found_in(purging.place(keeper).parent, purging.EVERYBODY)
    assert left.keys() == {*purging.EVERYBODY} - {*purging.DUE}


KILLED = [
    (RUN, "_begun", 1, 0),
    (RUN, "_let_go", 2, 50),  # the second portion is not committed
    ("wesentra.erasure.ledger", "write", 1, 0),  # before the commit of the first
    ("wesentra.erasure.ledger", "write", 4, 100),  # after the commit of the second
    ("wesentra.erasure.residue", "clear", 3, 120),
]


@pytest.mark.parametrize(("module", "function", "times", "gone"), KILLED)
def test_a_purge_that_is_killed_is_gone_on_with(
    keeper: Keeper, module: str, function: str, times: int, gone: int
) -> None:
    before = purging.parts(keeper)
    killed_after(keeper, module, function, times, "retention", "run")
    assert len(purging.demand_nothing_between(keeper, before)) == gone
    demand_ended(keeper, before, "retention", "run")
    with clock.turned_to(clock.now() + timedelta(hours=2)):
        assert keeper.run("jobs", "run").exit_code == 0
    kept = ledger.states(keeper.settings).values()
    assert {one.state for one in kept} <= {ledger.DONE, ledger.VOID}
    done = [number for one in kept if one.state == ledger.DONE for number in one.contacts]
    assert sorted(done) == [*purging.DUE]


@pytest.mark.parametrize("words", [("retention", "run"), ("jobs", "run")])
def test_a_database_that_cannot_grow_lets_nobody_go_by_half(
    keeper: Keeper, words: tuple[str, ...]
) -> None:
    purging.fill(keeper)
    before, whole = purging.parts(keeper), purging.rows(keeper)
    said = fails(keeper, *words, module="tests.operations.cannot_grow")
    assert "is full" in said
    assert purging.demand_nothing_between(keeper, before) == set()
    assert purging.rows(keeper) == whole
    assert {one.state for one in ledger.states(keeper.settings).values()} == {ledger.VOID}
    demand_ended(keeper, before, "retention", "run")


def test_a_full_database_still_lets_one_go(keeper: Keeper) -> None:
    """What goes makes the room that its tombstone needs."""
    purging.fill(keeper)
    before = purging.parts(keeper)
    words = wesentra(keeper, "erase", 1, "--reason", "request")
    process = program(keeper, "tests.operations.cannot_grow", *words)
    assert b"Erased." in process.communicate(timeout=LONG_ENOUGH)[0]
    assert purging.demand_nothing_between(keeper, before) == {1}


def test_a_disk_that_is_full_in_the_midst_of_a_purge(keeper: Keeper) -> None:
    """Whatever a portion had room for is gone, and the rest is whole; with room it goes on."""
    before, gone = purging.parts(keeper), set()
    for size in (4096, 128 * 1024, 512 * 1024):
        fails(keeper, "retention", "run", preexec_fn=room_of(size))
        now = purging.demand_nothing_between(keeper, before)
        assert gone <= now < {*purging.DUE}
        gone = now
    demand_ended(keeper, before, "retention", "run")


NO_LEDGER = ["away/erasures.jsonl", "/dev/full", "/dev/null"]


@pytest.mark.parametrize("place", NO_LEDGER)
@pytest.mark.parametrize("words", [("retention", "run"), ("erase", 1, "--reason", "request")])
def test_without_a_ledger_nobody_goes(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str,
    words: tuple[object, ...],
) -> None:  # fmt: skip
    whole = purging.rows(keeper)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("WESENTRA_ERASURE_LEDGER", str(tmp_path / place))
        refused(keeper.run(*words), place.partition("/")[0] or place)
        doctor = keeper.run("doctor")
        assert doctor.exit_code == 1
        told = "the folder of the ledger is not there" if place.startswith("away") else place
        assert told in doctor.output
    assert purging.rows(keeper) == whole
    assert not (tmp_path / "away").exists()
    demand_ended(keeper, purging.parts(keeper), "retention", "run")


def test_a_ledger_that_is_full_keeps_its_lines(keeper: Keeper) -> None:
    """The line that found no room is cut off again, and nobody goes."""
    path, whole = ledger.path_of(keeper.settings), purging.rows(keeper)
    size = 2 * 2**20
    path.write_bytes(b" " * (size - 30) + b"\n")
    said = fails(keeper, "retention", "run", preexec_fn=room_of(size))
    assert "Nothing is erased: the ledger of erasures" in said
    assert path.stat().st_size == size - 29
    assert purging.rows(keeper) == whole
    demand_ended(keeper, purging.parts(keeper), "retention", "run")


def test_a_restore_that_cannot_say_who_goes_lets_nobody_see_them(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run of retention is part of it: who may go has gone before the first page, or nobody
    opens the register."""
    file, before = keeper.backup(), purging.parts(keeper)
    path, size = ledger.path_of(keeper.settings), 2 * 2**20
    path.write_bytes(b" " * (size - 30) + b"\n")
    key = keeper.folder / "key.txt"
    key.write_text(keeper.key)
    words = ("restore", file, "--identity", key)
    said = fails(keeper, *words, preexec_fn=room_of(size))
    assert "ledger of erasures" in said
    assert purging.demand_nothing_between(keeper, before) == set()
    refused(keeper.run("user", "list"), "restore --finish")
    assert keeper.run("restore", "--finish").exit_code == 0
    assert purging.demand_nothing_between(keeper, before) == {*purging.DUE}


def test_a_restored_database_that_cannot_grow_is_finished_later(keeper: Keeper) -> None:
    purging.fill(keeper)
    file, before = keeper.backup(), purging.parts(keeper)
    key = keeper.folder / "key.txt"
    key.write_text(keeper.key)
    words = ("restore", file, "--identity", key)
    said = fails(keeper, *words, module="tests.operations.cannot_grow")
    assert "is full" in said
    assert "restore --finish" in said
    refused(keeper.run("user", "list"), "restore --finish")
    assert keeper.run("restore", "--finish").exit_code == 0
    assert purging.demand_nothing_between(keeper, before) == {*purging.DUE}
