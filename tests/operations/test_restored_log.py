"""After a restore the log says what it has lost, until somebody in charge has said why; and no
forgery passes for a restore."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.audit.test_forgery import forge
from tests.operations.backing import Keeper, refused
from wesentra.audit.targets import FILE
from wesentra.models import db

LOST = "A backup was restored"


@pytest.fixture
def copied(keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the checkpoints of the register are kept as well."""
    folder = tmp_path / "copies"
    folder.mkdir()
    monkeypatch.setenv("WESENTRA_LOG_COPIES", str(folder))
    assert keeper.run("log", "checkpoint").exit_code == 0
    return folder


def acknowledge(app: Flask, keeper: Keeper, number: int = 1) -> None:
    factories.user(app, "privacy", name="keeper")
    with app.app_context():
        db.engine.dispose()
    words = ("log", "acknowledge", number, "--reason", "the disk broke", "--as", "keeper")
    done = keeper.run(*words)
    assert done.exit_code == 0, done.output


def lose_some(keeper: Keeper, file: Path) -> None:
    """What is signed and copied after the backup is lost with it."""
    for _ in range(3):
        assert keeper.run("log", "checkpoint").exit_code == 0
    assert keeper.restore(file).exit_code == 0


def test_what_is_lost_is_red_until_somebody_says_why(
    app: Flask, keeper: Keeper, copied: Path
) -> None:
    file = keeper.backup()
    assert keeper.run("log", "verify").exit_code == 0
    lose_some(keeper, file)
    refused(keeper.run("log", "verify"), LOST)
    acknowledge(app, keeper)
    assert keeper.run("log", "verify").exit_code == 0


def test_copies_go_on_after_a_restore_and_are_compared(
    app: Flask, keeper: Keeper, copied: Path
) -> None:
    file = keeper.backup()
    lose_some(keeper, file)
    acknowledge(app, keeper)
    before = (copied / FILE).read_text().splitlines()
    assert keeper.run("log", "checkpoint").exit_code == 0
    after = (copied / FILE).read_text().splitlines()
    assert after[: len(before)] == before
    assert len(after) > len(before)
    assert keeper.run("log", "verify").exit_code == 0


def test_a_cut_after_a_restore_is_still_found(
    app: Flask, keeper: Keeper, copied: Path, tmp_path: Path
) -> None:
    lose_some(keeper, keeper.backup())
    acknowledge(app, keeper)
    for _ in range(2):
        assert keeper.run("log", "checkpoint").exit_code == 0
    last = max(entry.row.id for entry in factories.entries(app))
    end = str(last - 3)
    forge(keeper.database, "delete from log_subject where entry_id > " + end)  # noqa: S608
    forge(keeper.database, "delete from log_entry where id > " + end)  # noqa: S608
    forge(keeper.database, "delete from log_checkpoint where last > " + end)  # noqa: S608
    forge(
        keeper.database,
        "update log_head set last = (select max(id) from log_entry), "
        "signed = (select max(last) from log_checkpoint), "
        "hash = (select hash from log_entry order by id desc limit 1)",
    )
    done = keeper.run("log", "verify")
    assert done.exit_code == 1
    assert LOST not in done.stderr


def test_only_the_key_of_the_log_signs_a_restore(keeper: Keeper, copied: Path) -> None:
    """Who changes what was signed excuses nothing: the copies tell again."""
    lose_some(keeper, keeper.backup())
    forge(keeper.database, "update log_restoration set last = last - 5")
    done = keeper.run("log", "verify")
    refused(done, "")
    assert LOST not in done.stderr


def test_who_has_seen_it_and_that_a_reason_was_given_stands_in_the_log(
    app: Flask, keeper: Keeper
) -> None:
    keeper.restore(keeper.backup())
    refused(keeper.run("log", "acknowledge", 1, "--reason", "x"), "Say with --as who you are")
    acknowledge(app, keeper)
    told = [one for one in factories.entries(app) if one.operation == "restore"]
    assert [(one.fields, one.ids, one.row.role) for one in told] == [
        (("restored",), (1,), "system"),
        (("acknowledged",), (1,), "privacy"),
    ]
    again = ("log", "acknowledge", 1, "--reason", "again", "--as", "keeper")
    refused(keeper.run(*again), "acknowledged already")
    refused(keeper.run("log", "acknowledge", 9, *again[3:]), "no restore with this number")


def test_an_acknowledgement_without_an_entry_is_none(keeper: Keeper) -> None:
    keeper.restore(keeper.backup())
    forge(keeper.database, "update log_restoration set reason = 'nothing'")
    refused(keeper.run("log", "verify"), LOST)


def test_a_second_restore_is_told_like_the_first(app: Flask, keeper: Keeper, copied: Path) -> None:
    file = keeper.backup()
    lose_some(keeper, file)
    acknowledge(app, keeper)
    later = keeper.backup("two.age")
    lose_some(keeper, later)
    refused(keeper.run("log", "verify"), LOST)
    assert keeper.run("log", "acknowledge", 2, "--reason", "x", "--as", "keeper").exit_code == 0
    assert keeper.run("log", "verify").exit_code == 0
    lose_some(keeper, file)  # and back behind both
    acknowledge_again = keeper.run("log", "verify")
    refused(acknowledge_again, LOST)


def test_a_file_with_copies_of_before_and_after_is_compared(
    app: Flask, keeper: Keeper, copied: Path, tmp_path: Path
) -> None:
    lose_some(keeper, keeper.backup())
    acknowledge(app, keeper)
    assert keeper.run("log", "checkpoint").exit_code == 0
    shutil.copy(copied / FILE, tmp_path / "kept.jsonl")
    assert keeper.run("log", "verify", "--copies", tmp_path / "kept.jsonl").exit_code == 0
