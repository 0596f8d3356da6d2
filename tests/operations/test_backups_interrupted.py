"""Backups and restores that are killed or find no room: the old register or the new one, never
something between; it is said which, and nobody who was erased is left lying about."""

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.architecture.test_house_rules import ROOT
from tests.databases import postgresql_only, sqlite_only
from tests.operations.backing import Keeper, people_of, refused
from tests.servers import clean_environ
from wesentra import unfinished
from wesentra.models import db
from wesentra.operations.backups import leftovers, nameless

AFTER = "wesentra.operations.backups."
OLD = {1: "Alanko", 2: "Bergman", 3: "Ceder", 4: "Dahl"}
RESTORED = {1: "Alanko", 3: "Ceder"}


def program(keeper: Keeper, *words: object, **options: object) -> subprocess.Popen[bytes]:
    environ = clean_environ() | keeper.database.environ()
    return subprocess.Popen(
        [sys.executable, "-m", *map(str, words)],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,  # type: ignore[call-overload]
    )


def wesentra(keeper: Keeper, *words: object) -> tuple[object, ...]:
    return ("--instance", keeper.settings.instance, *words)


def killed_after(keeper: Keeper, module: str, function: str, times: int, *words: object) -> None:
    """Run a command that ends by SIGKILL when a function has come back so many times."""
    plug = ("tests.operations.plug", module, function, times)
    process = program(keeper, *plug, *wesentra(keeper, *words))
    told = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL, told


def room_of(size: int) -> Callable[[], None]:
    """No file of a program may grow beyond so many bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.fixture
def file(app: Flask, keeper: Keeper) -> Path:
    """A backup, after which somebody came and somebody was erased."""
    made = keeper.backup()
    with factories.register(app):
        factories.contact("Dan", "Dahl")
    with app.app_context():
        db.engine.dispose()
    keeper.erased("contact", 2)
    return made


def in_the_clear(keeper: Keeper) -> list[str]:
    """Files beside the register in which somebody's name stands."""
    folder = keeper.settings.instance
    own = {"wesentra.db", "wesentra.db-wal", "wesentra.db-shm"}
    return [
        str(each)
        for each in folder.rglob("*")
        if each.is_file() and each.name not in own and b"Bergman" in each.read_bytes()
    ]


def test_a_backup_that_is_killed_leaves_nobody_in_the_clear(keeper: Keeper) -> None:
    """It writes into a pipe that nobody reads, so that it is killed with its copy in hand."""
    keeper.backup()
    process = program(keeper, "wesentra", *wesentra(keeper, "backup", "-"))
    assert process.stdout
    assert process.stdout.read(100)
    time.sleep(0.2)
    assert in_the_clear(keeper) == []
    process.kill()
    process.communicate()
    assert in_the_clear(keeper) == []
    assert not list(keeper.settings.instance.glob(f"{nameless.PREFIX}*"))
    assert people_of(keeper) == {1: "Alanko", 2: "Bergman", 3: "Ceder"}


@pytest.mark.parametrize("function", ["_close", "_to_disk", "_compare", "_tell"])
def test_a_backup_that_is_killed_has_no_name(keeper: Keeper, function: str) -> None:
    keeper.backup()
    target = keeper.folder / "two.age"
    killed_after(keeper, f"{AFTER}making", function, 1, "backup", target)
    assert not target.exists()
    assert in_the_clear(keeper) == []
    assert keeper.run("backup", target).exit_code == 0
    assert keeper.restore(target, "--test").exit_code == 0


@pytest.mark.parametrize(
    ("module", "function", "times"),
    [("opening", "unpacked", 1), ("restoring", "_looked_at", 1)],
)
def test_a_restore_that_is_killed_early_has_changed_nothing(
    keeper: Keeper, file: Path, module: str, function: str, times: int, tmp_path: Path
) -> None:
    (tmp_path / "key.txt").write_text(keeper.key)
    words = ("restore", file, "--identity", tmp_path / "key.txt")
    killed_after(keeper, f"{AFTER}{module}", function, times, *words)
    assert not unfinished.is_there(keeper.settings.instance)
    assert people_of(keeper) == OLD
    assert keeper.restore(file).exit_code == 0
    assert people_of(keeper) == RESTORED
    assert not list(keeper.settings.instance.glob(leftovers.STAGING))


LATE = [
    (f"{AFTER}restoring", "_begin", 1),
    (f"{AFTER}laying", "lay_keys", 1),
    (f"{AFTER}restoring", "_put", 1),
    ("wesentra.unfinished", "write", 3),
    (f"{AFTER}finishing", "_tell", 1),
    (f"{AFTER}numbers", "go_beyond", 1),
    ("wesentra.erasure.door", "erase", 1),
    (f"{AFTER}finishing", "erase_again", 1),
    (f"{AFTER}finishing", "finish", 1),
]


@sqlite_only
@pytest.mark.parametrize(("module", "function", "times"), LATE)
def test_a_restore_that_is_killed_late_opens_to_nobody_and_is_finished(
    keeper: Keeper, file: Path, module: str, function: str, times: int, tmp_path: Path
) -> None:
    killed_and_finished(keeper, file, module, function, times, tmp_path)


@postgresql_only
@pytest.mark.parametrize(("module", "function", "times"), [LATE[0], LATE[2], LATE[6]])
def test_so_it_is_on_postgresql(
    keeper: Keeper, file: Path, module: str, function: str, times: int, tmp_path: Path
) -> None:
    killed_and_finished(keeper, file, module, function, times, tmp_path)


def killed_and_finished(
    keeper: Keeper, file: Path, module: str, function: str, times: int, tmp_path: Path
) -> None:
    (tmp_path / "key.txt").write_text(keeper.key)
    words = ("restore", file, "--identity", tmp_path / "key.txt")
    killed_after(keeper, module, function, times, *words)
    refused(keeper.run("user", "list"), "restore --finish")
    refused(keeper.restore(file), "restore --finish")
    done = keeper.run("restore", "--finish")
    assert done.exit_code == 0, done.output
    assert people_of(keeper) == RESTORED
    assert "The register that was there lies in" in done.output
    assert not list(keeper.settings.instance.glob(leftovers.STAGING))
    verified = keeper.run("log", "verify")
    refused(verified, "A backup was restored")
    refused(keeper.run("restore", "--finish"), "no restore to finish")


@sqlite_only
@pytest.mark.parametrize("function", ["_move_aside", "_to_disk"])
def test_a_restore_that_is_killed_between_two_names_is_finished(
    keeper: Keeper, file: Path, function: str, tmp_path: Path
) -> None:
    (tmp_path / "key.txt").write_text(keeper.key)
    words = ("restore", file, "--identity", tmp_path / "key.txt")
    killed_after(keeper, f"{AFTER}in_file", function, 1, *words)
    refused(keeper.run("user", "list"), "restore --finish")
    assert keeper.run("restore", "--finish").exit_code == 0
    assert people_of(keeper) == RESTORED


def test_a_full_disk_makes_no_backup(keeper: Keeper) -> None:
    keeper.backup()
    target = keeper.folder / "two.age"
    words = wesentra(keeper, "backup", target)
    process = program(keeper, "wesentra", *words, preexec_fn=room_of(64 * 1024))
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    assert told.count(b"\n") == 1, told
    assert b"There is no room" in told or b"could not be used" in told or b"pg_dump failed" in told
    assert [each.name for each in keeper.folder.iterdir()] == ["one.age"]
    assert in_the_clear(keeper) == []


def test_a_full_disk_restores_nothing(keeper: Keeper, file: Path, tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(keeper.key)
    words = wesentra(keeper, "restore", file, "--identity", tmp_path / "key.txt")
    process = program(keeper, "wesentra", *words, preexec_fn=room_of(32 * 1024))
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    assert b"There is no room to unpack" in told
    assert people_of(keeper) == OLD
    assert not list(keeper.settings.instance.glob(leftovers.STAGING))


@sqlite_only
def test_a_disk_that_is_full_in_the_midst_of_a_restore_is_said_and_gone_on_from(
    keeper: Keeper, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "key.txt").write_text(keeper.key)
    words = ("restore", file, "--identity", tmp_path / "key.txt")
    killed_after(keeper, f"{AFTER}restoring", "_put", 1, *words)
    full = wesentra(keeper, "restore", "--finish")
    process = program(keeper, "wesentra", *full, preexec_fn=room_of(32 * 1024))
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    assert told.count(b"\n") == 1, told
    refused(keeper.run("user", "list"), "restore --finish")
    assert keeper.run("restore", "--finish").exit_code == 0
    assert people_of(keeper) == RESTORED
    assert not unfinished.is_there(keeper.settings.instance)
