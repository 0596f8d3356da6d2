"""A backup comes back whole, without anybody who was erased since, or nothing changes at all."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from tests import factories
from tests.databases import sqlite_only
from tests.operations.backing import Keeper, people, people_of, refused
from wesentra import unfinished
from wesentra.accounts import actions, links
from wesentra.cli import main
from wesentra.erasure import door, suppression
from wesentra.instance import SECRET
from wesentra.models import Contact, db
from wesentra.operations.backups import identity, leftovers
from wesentra.refusal import Refused
from wesentra.settings import Settings


def add(app: Flask, name: str) -> int:
    with factories.register(app):
        number = factories.contact("Dan", name).id
    with app.app_context():
        db.engine.dispose()
    return number


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of an instance but for SQLite's index of its log."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file): file.read_bytes() for file in files if not file.name.endswith("-shm")}


def test_who_came_after_is_gone_and_who_was_there_is_back(app: Flask, keeper: Keeper) -> None:
    file = keeper.backup()
    with factories.register(app):
        db.session.delete(db.session.get(Contact, 1))
    add(app, "Dahl")
    done = keeper.restore(file)
    assert done.exit_code == 0, done.output
    assert people_of(keeper) == {1: "Alanko", 2: "Bergman", 3: "Ceder"}


def test_who_was_erased_is_erased_again(app: Flask, keeper: Keeper) -> None:
    file = keeper.backup()
    keeper.erased("contact", 2)
    keeper.erased("contact", 77)
    done = keeper.restore(file)
    assert "Erased again: 1" in done.output
    assert people_of(keeper) == {1: "Alanko", 3: "Ceder"}
    gone = [one for one in factories.entries(app) if one.operation == "delete"]
    assert [one.ids for one in gone if one.subject_type == "contact"] == [(2,)]


def test_numbers_are_never_given_twice(app: Flask, keeper: Keeper) -> None:
    file = keeper.backup()
    last = [add(app, name) for name in ("Dahl", "Ek", "Falk")][-1]
    assert keeper.restore(file).exit_code == 0
    assert add(app, "Gran") == last + 1


def test_numbers_of_the_ledger_are_never_given_twice(app: Flask, keeper: Keeper) -> None:
    file = keeper.backup()
    keeper.erased("contact", 40)
    assert keeper.restore(file).exit_code == 0
    assert add(app, "Gran") == 41


def test_what_was_there_lies_aside_and_the_log_goes_on(app: Flask, keeper: Keeper) -> None:
    file = keeper.backup()
    add(app, "Dahl")
    done = keeper.restore(file)
    assert "The register that was there lies in wesentra_before_" in done.output
    entries = factories.entries(app)
    assert [one.row.id for one in entries] == list(range(1, len(entries) + 1))
    assert [one.fields for one in entries if one.operation == "restore"] == [("restored",)]


def test_a_wrong_key_changes_nothing(keeper: Keeper) -> None:
    file = keeper.backup()
    before = everything(keeper.settings.instance)
    other = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
    refused(keeper.run("restore", file, typed=f"{other}\n"), "This key does not open")
    refused(keeper.run("restore", file, typed="hello\n"), "no key of a backup")
    assert everything(keeper.settings.instance) == before


@pytest.mark.parametrize("how", ["cut", "changed", "longer", "empty", "another kind"])
def test_a_bad_file_changes_nothing(keeper: Keeper, how: str) -> None:
    raw = keeper.backup().read_bytes()
    bad = {
        "cut": raw[: -(64 * 1024 + 16) - 7],
        "changed": raw[:90_000] + bytes([raw[90_000] ^ 4]) + raw[90_001:],
        "longer": raw + b"x",
        "empty": b"",
        "another kind": b"SQLite format 3\0" * 100,
    }[how]
    file = keeper.folder / "bad.age"
    file.write_bytes(bad)
    before = everything(keeper.settings.instance)
    sentence = "is no backup" if how in ("empty", "another kind") else "damaged or cut off"
    refused(keeper.restore(file), sentence)
    refused(keeper.restore(file, "--test"), sentence)
    after = everything(keeper.settings.instance)
    assert after.keys() == before.keys()
    assert people_of(keeper) == {1: "Alanko", 2: "Bergman", 3: "Ceder"}


def test_a_register_without_its_ledger_is_not_restored_unasked(keeper: Keeper) -> None:
    file = keeper.backup()
    ledger = keeper.settings.instance / "erasures.jsonl"
    ledger.unlink()
    refused(keeper.restore(file), "There is no erasure ledger")
    assert keeper.restore(file, "--without-ledger").exit_code == 0


def test_an_old_ledger_is_not_taken_for_today_s(keeper: Keeper) -> None:
    keeper.backup()
    keeper.erased("contact", 2)
    file = keeper.backup("two.age")
    (keeper.settings.instance / "erasures.jsonl").write_text("")
    refused(keeper.restore(file), "is older than the backup")


def test_the_ledger_of_today_stays(keeper: Keeper) -> None:
    file = keeper.backup()
    keeper.erased("contact", 2)
    ledger = (keeper.settings.instance / "erasures.jsonl").read_bytes()
    keeper.restore(file)
    assert (keeper.settings.instance / "erasures.jsonl").read_bytes().startswith(ledger)


def test_a_secret_that_was_changed_since_goes_back_with_the_register(keeper: Keeper) -> None:
    """Second factors in the restored database are sealed under it."""
    secret = keeper.settings.instance / SECRET
    before, file = secret.read_bytes(), keeper.backup()
    assert keeper.run("secrets", "rotate").exit_code == 0
    today = secret.read_bytes()
    assert keeper.restore(file).exit_code == 0
    assert secret.read_bytes() == before != today
    kept = list(keeper.settings.instance.glob(f"wesentra_before_*/{SECRET}"))
    assert [each.read_bytes() for each in kept] == [today]


def test_the_key_of_objections_goes_back_with_its_hashes(app: Flask, keeper: Keeper) -> None:
    """Under another one nobody who objected would be known again."""
    with factories.register(app):
        factories.objection(db.session.get_one(Contact, 2))
        db.session.get_one(Contact, 2).email = "aino@auto.example.fi"
    with factories.register(app):
        door.erase([2], [], "request")
    with app.app_context():
        db.engine.dispose()
    key = keeper.settings.instance / suppression.FILE
    before, file = key.read_bytes(), keeper.backup()
    key.write_bytes(b"0" * 64)
    assert keeper.restore(file).exit_code == 0
    assert key.read_bytes() == before
    kept = list(keeper.settings.instance.glob(f"wesentra_before_*/{suppression.FILE}"))
    assert [each.read_bytes() for each in kept] == [b"0" * 64]


def test_key_and_backup_come_by_one_pipe(keeper: Keeper) -> None:
    backup = keeper.backup().read_bytes()
    whole = keeper.key.encode() + b"\n" + backup
    words = ("--instance", str(keeper.settings.instance), "restore", "-", "--test")
    done = CliRunner().invoke(main, words, input=whole, env=keeper.database.environ())
    assert done.exit_code == 0, done.output
    assert "3 people" in done.output


def test_nobody_comes_in_by_what_was_ended_since(app: Flask, keeper: Keeper) -> None:
    """A session and a link for a password of before the backup are good no more."""
    client = factories.signed_in(app, "staff")
    factories.user(app, "staff", name="minna")
    with factories.register(app):
        links.store(actions.named("minna"), "secret")
    with app.app_context():
        db.engine.dispose()
    file = keeper.backup()
    assert client.get("/tasks/").status_code == 200
    with app.app_context():
        db.engine.dispose()
    assert keeper.restore(file).exit_code == 0
    assert client.get("/tasks/").status_code == 303
    with factories.register(app), pytest.raises(Refused):
        links.holder("secret")


@sqlite_only
def test_a_lost_machine_comes_back_in_an_empty_folder(keeper: Keeper, tmp_path: Path) -> None:
    file = keeper.backup()
    new = tmp_path / "new"
    done = keeper.restore(file, "--without-ledger", instance=new)
    assert done.exit_code == 0, done.output
    assert people_of(keeper, new) == {1: "Alanko", 2: "Bergman", 3: "Ceder"}
    assert not list(new.glob("wesentra_before_*"))
    refused(keeper.run("log", "verify", instance=new), "A backup was restored")
    shutil.copy(keeper.settings.instance / identity.PUBLIC, new)
    assert keeper.run("backup", keeper.folder / "next.age", instance=new).exit_code == 0


@sqlite_only
def test_another_register_is_not_overwritten(keeper: Keeper, tmp_path: Path) -> None:
    other = tmp_path / "other"
    words = ("user", "add", "somebody", "--full-name", "Some Body", "--role", "staff")
    assert keeper.run(*words, instance=other).exit_code == 0
    file = keeper.backup()
    before = everything(other)
    refused(keeper.restore(file, "--without-ledger", instance=other), "of another register")
    assert everything(other) == before


@sqlite_only
def test_a_register_in_use_is_left_alone(keeper: Keeper) -> None:
    file = keeper.backup()
    held = sqlite3.connect(keeper.database.url.removeprefix("sqlite:///"))
    held.execute("SELECT count(*) FROM log_head").fetchone()
    refused(keeper.restore(file), "in use")
    held.close()
    assert not unfinished.is_there(keeper.settings.instance)
    assert keeper.restore(file).exit_code == 0


@sqlite_only
def test_a_damaged_register_is_replaced_and_kept(keeper: Keeper) -> None:
    file = keeper.backup()
    database = Path(keeper.database.url.removeprefix("sqlite:///"))
    damaged = b"\0" * 5000
    database.write_bytes(damaged)
    done = keeper.restore(file)
    assert done.exit_code == 0, done.output
    assert "how much of it nobody knows" in done.output
    assert people_of(keeper) == {1: "Alanko", 2: "Bergman", 3: "Ceder"}
    kept = list(database.parent.glob(f"wesentra_before_*/{database.name}"))
    assert [each.read_bytes() for each in kept] == [damaged]


def test_a_test_restores_elsewhere_and_leaves_nothing(app: Flask, keeper: Keeper) -> None:
    file = keeper.backup()
    keeper.erased("contact", 2)
    before = set(everything(keeper.settings.instance))
    done = keeper.restore(file, "--test")
    assert done.exit_code == 0, done.output
    assert "3 people, 1 companies" not in done.output
    assert "2 people, 1 companies" in done.output
    assert "To be erased again: 1" in done.output
    assert set(everything(keeper.settings.instance)) == before
    assert people(app) == {1: "Alanko", 2: "Bergman", 3: "Ceder"}
    told = [one for one in factories.entries(app) if one.operation == "restore_test"]
    assert len(told) == 1


def test_nobody_opens_a_register_that_is_not_finished(
    app: Flask, keeper: Keeper, settings: Settings
) -> None:
    keeper.backup()
    (settings.instance / unfinished.FILE).write_text("{}")
    refused(keeper.run("user", "list"), "restore --finish")
    refused(keeper.run("backup", keeper.folder / "two.age"), "restore --finish")
    refused(keeper.run("jobs", "run"), "restore --finish")
    refused(keeper.run("serve", "--port", "0"), "restore --finish")
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert "restore --finish" in answer.text
    refused(keeper.run("restore", "--finish"), "Restore the backup anew")


def test_there_is_nothing_to_finish_where_nothing_began(keeper: Keeper) -> None:
    refused(keeper.run("restore", "--finish"), "no restore to finish")


def test_what_a_killed_restore_has_unpacked_goes(keeper: Keeper) -> None:
    staging = keeper.settings.instance / leftovers.STAGING
    staging.mkdir()
    (staging / "wesentra.db").write_bytes(b"Alanko")
    (keeper.settings.instance / ".backup-copy-1").write_bytes(b"Alanko")
    (keeper.settings.instance / ".restore-test-1").mkdir()
    keeper.backup()
    assert not [each for each in keeper.settings.instance.iterdir() if each.name[0] == "."]
