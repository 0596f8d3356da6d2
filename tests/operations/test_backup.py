"""A backup is whole, encrypted and read back, or there is none; nothing else is left anywhere."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.databases import Database, sqlite_only
from tests.missing import missing
from tests.operations.backing import KEY, Keeper, refused
from tests.servers import clean_environ
from wesentra.audit import keys
from wesentra.instance import SECRET
from wesentra.operations.backups import identity


def all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_backup_is_one_file_of_its_owner(keeper: Keeper) -> None:
    file = keeper.backup()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in keeper.folder.iterdir()] == ["one.age"]
    assert b"Alanko" not in file.read_bytes()


def test_the_key_is_shown_once_and_kept_nowhere(keeper: Keeper) -> None:
    first = keeper.run("backup", keeper.folder / "one.age")
    assert KEY.search(first.stderr)
    assert not KEY.search(first.stdout)
    assert "never again" in first.stderr
    second = keeper.run("backup", keeper.folder / "two.age")
    assert not KEY.search(second.output)
    shown = KEY.search(first.stderr)
    assert shown
    raw = identity.read(shown[0]).private_bytes_raw()
    kept = all_bytes(keeper.settings.instance) + all_bytes(keeper.folder)
    assert shown[0].encode() not in kept
    assert raw not in kept


def test_the_tool_opens_a_backup_and_finds_a_tar(keeper: Keeper, tmp_path: Path) -> None:
    file = keeper.backup()
    key = tmp_path / "key.txt"
    key.write_text(keeper.key)
    try:
        opened = subprocess.run(["age", "-d", "-i", key, file], capture_output=True, check=True)
    except FileNotFoundError:
        missing("age; apt install age")
    listed = subprocess.run(["tar", "t"], input=opened.stdout, capture_output=True, check=True)
    names = listed.stdout.decode().split()
    last = "wesentra.db" if keeper.database.kind == "sqlite" else "wesentra.dump"
    assert names[0] == "manifest.json"
    assert {SECRET, keys.PRIVATE, keys.PUBLIC, "erasures.jsonl"} <= set(names)
    assert names[-1] == last
    assert b"Alanko" in opened.stdout


def test_each_backup_has_its_entry_and_says_no_name(app: Flask, keeper: Keeper) -> None:
    factories.user(app, "admin", name="root")
    keeper.backup()
    keeper.run("backup", keeper.folder / "two.age", "--as", "root")
    told = [one for one in factories.entries(app) if one.operation == "backup"]
    assert [(one.row.role, list(one.fields)) for one in told] == [
        ("system", ["new_key"]),
        ("system", []),
        ("admin", []),
    ]
    assert {one.subject_type for one in told} == {"register"}


def test_staff_may_not_take_the_register_home(app: Flask, keeper: Keeper) -> None:
    keeper.backup()
    for role in ("staff", "auditor"):
        factories.user(app, role, name=role)
        done = keeper.run("backup", keeper.folder / "two.age", "--as", role)
        refused(done, "do not include this")
    assert [each.name for each in keeper.folder.iterdir()] == ["one.age"]


def test_nothing_is_replaced(keeper: Keeper, tmp_path: Path) -> None:
    first = keeper.backup().read_bytes()
    refused(keeper.run("backup", keeper.folder / "one.age"), "replaces nothing")
    assert (keeper.folder / "one.age").read_bytes() == first
    for name, leads_to in (
        ("link", keeper.settings.instance / SECRET),
        ("dangling", tmp_path / "x"),
    ):
        (keeper.folder / name).symlink_to(leads_to)
        refused(keeper.run("backup", keeper.folder / name), "replaces nothing")
    assert not (tmp_path / "x").exists()
    refused(keeper.run("backup", keeper.folder), "replaces nothing")


def test_nothing_is_replaced_that_came_meanwhile_on_a_disk_without_links(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.backup()
    target = keeper.folder / "two.age"

    def no_links(_from: str, to: Path) -> None:
        Path(to).write_bytes(b"somebody's")
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    refused(keeper.run("backup", target), "cannot be written: File exists")
    assert target.read_bytes() == b"somebody's"
    assert len(list(keeper.folder.iterdir())) == 2


def test_a_backup_does_not_lie_in_what_it_saves(keeper: Keeper) -> None:
    keeper.backup()
    inside = keeper.settings.instance / "deep"
    inside.mkdir()
    for target in (keeper.settings.instance / "new.age", inside / "new.age"):
        refused(keeper.run("backup", target), "would be lost with the register")
    (keeper.folder / "in").symlink_to(inside)
    refused(keeper.run("backup", keeper.folder / "in" / "new.age"), "would be lost")


def test_a_folder_that_is_not_there_is_said(keeper: Keeper) -> None:
    keeper.backup()
    refused(keeper.run("backup", keeper.folder / "away" / "one.age"), "cannot be written")


def test_a_new_key_opens_what_comes_and_the_old_what_was(keeper: Keeper) -> None:
    old_file, old_key = keeper.backup("old.age"), keeper.key
    shown = KEY.search(keeper.run("backup", "--new-key").stderr)
    assert shown
    new_file = keeper.backup("new.age")
    for file, key in ((old_file, old_key), (new_file, shown[0])):
        keeper.key = key
        assert keeper.restore(file, "--test").exit_code == 0
    keeper.key = old_key
    refused(keeper.restore(new_file, "--test"), "This key does not open")


def test_standard_output_gets_the_backup_and_nothing_else(
    keeper: Keeper, database: Database
) -> None:
    keeper.backup()
    command = [sys.executable, "-m", "wesentra", "--instance", keeper.settings.instance]
    environ = clean_environ() | database.environ()
    done = subprocess.run([*command, "backup", "-"], env=environ, capture_output=True, check=True)
    assert b"nobody has read it back" in done.stderr
    file = keeper.folder / "piped.age"
    file.write_bytes(done.stdout)
    assert keeper.restore(file, "--test").exit_code == 0


def test_a_full_device_is_said_in_a_sentence(keeper: Keeper, database: Database) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    keeper.backup()
    command = [sys.executable, "-m", "wesentra", "--instance", keeper.settings.instance]
    environ = clean_environ() | database.environ()
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*command, "backup", "-"], env=environ, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert b"cannot be written: No space left" in done.stderr
    assert b"Traceback" not in done.stderr


@sqlite_only
def test_a_damaged_register_is_not_backed_up(keeper: Keeper) -> None:
    keeper.backup()
    file = Path(keeper.database.url.removeprefix("sqlite:///"))
    with file.open("r+b") as raw:
        for page in range(60, 90):
            raw.seek(page * 4096)
            raw.write(os.urandom(2048))
    done = keeper.run("backup", keeper.folder / "two.age")
    assert done.exit_code == 1
    assert "damaged" in done.stderr
    assert [each.name for each in keeper.folder.iterdir()] == ["one.age"]


def test_a_backup_leaves_nothing_in_the_clear(keeper: Keeper) -> None:
    before = {each.name for each in keeper.settings.instance.iterdir()}
    keeper.backup()
    after = {each.name for each in keeper.settings.instance.iterdir()}
    assert after - before <= {identity.PUBLIC, "erasures.jsonl"}
