"""Backups by themselves: one a night, none too old, the newest never gone; failures said."""

import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.databases import sqlite_only
from tests.operations.backing import KEY, Keeper, refused
from wesentra import clock
from wesentra.operations.backups import keeping, leftovers, making

REGISTER = "0123456789abcdef"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def nightly(keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a register whose key for backups was made."""
    keeper.backup()
    folder = tmp_path / "share"
    folder.mkdir()
    monkeypatch.setenv("WESENTRA_BACKUP_FOLDER", str(folder))
    return folder


def name(days: float, register: str = REGISTER) -> str:
    made = (NOW - timedelta(days=days)).strftime(keeping.MOMENT)
    return f"wesentra-{register}-{made}.age"


def test_a_backup_is_made_every_night_and_can_be_restored(
    app: Flask, keeper: Keeper, nightly: Path
) -> None:
    done = keeper.run("jobs", "run")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Backup: done. Next: ")
    (made,) = nightly.iterdir()
    assert keeping.NAME.fullmatch(made.name)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert keeper.restore(made, "--test").exit_code == 0
    assert keeper.run("jobs", "run").stdout.startswith("Backup: not due.")
    by_job = [one for one in factories.entries(app) if one.row.endpoint == "backup"]
    assert [(one.operation, one.row.role) for one in by_job] == [("backup", "system")]


def test_old_ones_go_and_others_stay(keeper: Keeper, nightly: Path) -> None:
    register = making.register_of(keeper.settings.instance)
    old = (clock.now() - timedelta(days=40)).astimezone(UTC).strftime(keeping.MOMENT)
    young = (clock.now() - timedelta(days=20)).astimezone(UTC).strftime(keeping.MOMENT)
    for other in (f"wesentra-{REGISTER}-{old}.age", "register.age", f"wesentra-{register}-x.age"):
        (nightly / other).write_bytes(b"")
    (nightly / f"wesentra-{register}-{old}.age").write_bytes(b"")
    (nightly / f"wesentra-{register}-{young}.age").write_bytes(b"")
    left_over = nightly / f"wesentra-{register}-{old}.age.abc.part"
    left_over.write_bytes(b"")
    os.utime(left_over, (0, 0))
    assert keeper.run("jobs", "run").exit_code == 0
    left = {file.name for file in nightly.iterdir()}
    assert f"wesentra-{register}-{old}.age" not in left
    assert left_over.name not in left
    assert len(left) == 5, left


def test_without_a_key_nothing_is_made_at_night(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WESENTRA_BACKUP_FOLDER", str(tmp_path))
    done = keeper.run("jobs", "run")
    refused(done, "There is no key for backups yet")
    assert not KEY.search(done.output)


def test_a_folder_that_is_away_is_said_until_it_is_back(keeper: Keeper, nightly: Path) -> None:
    assert keeper.run("jobs", "run").exit_code == 0
    shutil.rmtree(nightly)
    with clock.turned_to(clock.now() + timedelta(days=1, hours=2)):
        refused(keeper.run("jobs", "run"), "The folder for backups")
        told = keeper.run("doctor")
        assert told.exit_code == 1
        assert "WRONG  Backups: there is none in" in told.stdout
        assert "Backup: failed the last time" in told.stdout
    nightly.mkdir()
    with clock.turned_to(clock.now() + timedelta(days=1, hours=4)):
        assert "Backup: done." in keeper.run("jobs", "run").stdout


@sqlite_only
def test_the_doctor_knows_backup_test_and_what_lies_aside(keeper: Keeper, nightly: Path) -> None:
    assert keeper.run("jobs", "run").exit_code == 0
    (made,) = nightly.iterdir()
    assert keeper.restore(made, "--test").exit_code == 0
    told = keeper.run("doctor").stdout
    assert "Test of a backup: a backup was tried out on" in told
    assert "Backups: the newest is of" in told
    assert keeper.restore(made).exit_code == 0
    assert "has a whole register in it" in keeper.run("doctor").stdout
    with clock.turned_to(clock.now() + timedelta(days=3)):
        assert "WRONG  Backups: the newest is of" in keeper.run("doctor").stdout


def test_without_a_folder_there_is_no_such_job(keeper: Keeper) -> None:
    assert "Backup" not in keeper.run("jobs", "run").stdout


@sqlite_only
def test_the_server_removes_what_a_killed_backup_left(keeper: Keeper) -> None:
    left = keeper.settings.instance / ".restore-test-1"
    left.mkdir()
    (left / "wesentra.db").write_bytes(b"Alanko")
    leftovers.sweep(keeper.settings)
    assert not left.exists()


def test_what_somebody_works_in_is_not_swept(keeper: Keeper) -> None:
    with leftovers.own_folder(keeper.settings.instance, leftovers.TEST) as folder:
        leftovers.sweep(keeper.settings)
        assert folder.is_dir()
    assert not folder.exists()


@given(st.lists(st.floats(0, 400), max_size=20), st.integers(1, 90))
def test_the_newest_never_goes_and_no_other_stays_too_long(ages: list[float], keep: int) -> None:
    names = sorted({name(age) for age in ages})
    going = keeping.too_old([*names, "else"], REGISTER, NOW - timedelta(days=keep))
    staying = [one for one in names if one not in going]
    if names:
        assert names[-1] in staying
    assert all(one >= name(keep) for one in staying[:-1])
    assert all(one < name(keep) for one in going)
