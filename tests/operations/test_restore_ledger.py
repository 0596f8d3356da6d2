"""Whoever was erased stays so, with whatever ledger somebody comes, and whatever copy."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.databases import sqlite_only
from tests.operations.backing import Keeper, people_of, refused
from tests.operations.test_restore import add, everything
from wesentra import clock, unfinished
from wesentra.erasure import door, ledger
from wesentra.models import db

OLDER = "is older than the backup"


def line(**said: object) -> str:
    common = {"erasure": uuid.uuid4().hex, "state": "intent", "at": clock.now().isoformat()}
    return json.dumps(common | said) + "\n"


def test_a_ledger_of_others_is_not_taken_for_today_s_because_it_is_long(keeper: Keeper) -> None:
    keeper.erased("contact", 77)
    file = keeper.backup()
    others = "".join(line(contacts=[900 + number]) for number in range(9))
    ledger.path_of(keeper.settings).write_text(others)
    refused(keeper.restore(file), OLDER)


def test_a_ledger_that_has_lost_its_beginning_is_none(app: Flask, keeper: Keeper) -> None:
    with factories.register(app):
        door.erase([2], [], "request")
    with app.app_context():
        db.engine.dispose()
    file, path = keeper.backup(), ledger.path_of(keeper.settings)
    kept = path.read_text().splitlines(keepends=True)
    path.write_text(kept[-1] + line(contacts=[900]) * 3)
    refused(keeper.restore(file), OLDER)


def test_what_was_taken_back_need_not_be_known(keeper: Keeper) -> None:
    ledger.write(keeper.settings, "a" * 32, ledger.INTENT, [2])
    ledger.write(keeper.settings, "a" * 32, ledger.VOID)
    file = keeper.backup()
    ledger.path_of(keeper.settings).write_text("")
    assert keeper.restore(file).exit_code == 0


@pytest.mark.parametrize("more", [(), ("--without-ledger",)])
def test_a_ledger_that_cannot_be_read_is_said_before_anything_changes(
    keeper: Keeper, more: tuple[str, ...]
) -> None:
    file = keeper.backup()
    ledger.path_of(keeper.settings).write_text("{nonsense}\n")
    before = everything(keeper.settings.instance)
    refused(keeper.restore(file, *more), "Line 1 of the ledger")
    assert everything(keeper.settings.instance).keys() == before.keys()
    assert not unfinished.is_there(keeper.settings.instance)


@sqlite_only
def test_in_an_empty_folder_the_ledger_of_the_backup_s_settings_is_asked(
    keeper: Keeper, tmp_path: Path
) -> None:
    """The server will use it from its first start; that nobody has named it yet loses nobody."""
    apart = tmp_path / "share" / "erasures.jsonl"
    apart.parent.mkdir()
    (keeper.settings.instance / "settings.toml").write_text(f'erasure_ledger = "{apart}"\n')
    ledger.write(replace(keeper.settings, erasure_ledger=apart), "b" * 32, ledger.INTENT, [9])
    file, new = keeper.backup(), tmp_path / "new"
    gone = apart.read_bytes()
    apart.unlink()
    refused(keeper.restore(file, instance=new), f"There is no erasure ledger at {apart}")
    apart.write_bytes(gone)
    ledger.write(replace(keeper.settings, erasure_ledger=apart), "a" * 32, ledger.INTENT, [2])
    done = keeper.restore(file, "--without-ledger", instance=new)
    assert done.exit_code == 0, done.output
    assert people_of(keeper, new) == {1: "Alanko", 3: "Ceder"}


@sqlite_only
def test_a_share_that_is_lost_with_the_machine_keeps_nobody_from_a_restore(
    keeper: Keeper, tmp_path: Path
) -> None:
    apart, new = tmp_path / "share" / "erasures.jsonl", tmp_path / "new"
    (keeper.settings.instance / "settings.toml").write_text(f'erasure_ledger = "{apart}"\n')
    apart.parent.mkdir()
    file = keeper.backup()
    apart.parent.rmdir()
    refused(keeper.restore(file, instance=new), f"There is no erasure ledger at {apart}")
    done = keeper.restore(file, "--without-ledger", instance=new)
    assert done.exit_code == 0, done.output
    assert not apart.parent.exists()
    assert people_of(keeper, new) == {1: "Alanko", 2: "Bergman", 3: "Ceder"}


def test_who_counted_as_erased_at_one_restore_is_gone_after_the_next(
    app: Flask, keeper: Keeper
) -> None:
    """The machine died between the commit and the word that it was done."""
    zero = keeper.backup("zero.age")
    number = add(app, "Dahl")
    one = keeper.backup("one.age")
    keeper.erased("contact", number)
    assert keeper.restore(zero).exit_code == 0
    with clock.turned_to(clock.now() + timedelta(hours=3)):
        assert "ledger of erasures: done" in keeper.run("jobs", "run").stdout
        assert keeper.restore(one).exit_code == 0
    assert people_of(keeper) == {1: "Alanko", 2: "Bergman", 3: "Ceder"}


@sqlite_only
def test_an_older_copy_of_the_file_is_told_by_the_ledger(app: Flask, keeper: Keeper) -> None:
    """A snapshot of the machine goes past the restore."""
    database = Path(keeper.database.url.removeprefix("sqlite:///"))
    copy = database.read_bytes()
    with factories.register(app):
        door.erase([2], [], "request")
    with app.app_context():
        db.engine.dispose()
    database.write_bytes(copy)
    done = keeper.run("jobs", "run")
    assert done.exit_code == 1
    assert "1 who are erased by the ledger of erasures are in the register" in done.stderr
    assert "(wesentra erase): 2" in done.stderr
    assert keeper.run("erase", 2, "--reason", "request").exit_code == 0
    with clock.turned_to(clock.now() + timedelta(days=1)):
        assert keeper.run("jobs", "run").exit_code == 0


def test_somebody_else_with_the_number_is_not_meant(app: Flask, keeper: Keeper) -> None:
    with clock.turned_to(clock.now() - timedelta(days=1)):
        keeper.erased("contact", 2)
        ledger.write(keeper.settings, next(iter(ledger.states(keeper.settings))), ledger.DONE)
    assert keeper.run("jobs", "run").exit_code == 0
