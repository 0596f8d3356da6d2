"""The key that signs the log: lost or exchanged it is asked for, never made anew in silence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests import factories
from tests.audit.test_forgery import forge, with_new_checkpoints
from tests.databases import Database, sqlite_only
from wesentra.audit import keys
from wesentra.operations import schema
from wesentra.refusal import Refused
from wesentra.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def folder(app: Flask, settings: Settings) -> Path:
    """The instance of a register whose log its key has signed."""
    factories.person(app)
    return settings.instance


def refused(run: Run, settings: Settings, words: str) -> None:
    """Neither a command nor the server starts; nothing is signed and no key is made."""
    before = sorted(file.name for file in settings.instance.iterdir())
    result = run("log", "checkpoint")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert words in result.stderr
    with pytest.raises(Refused, match=words):
        schema.upgrade(settings)
    assert sorted(file.name for file in settings.instance.iterdir()) == before


def test_a_lost_key_is_not_replaced(run: Run, folder: Path, settings: Settings) -> None:
    (folder / keys.PRIVATE).unlink()
    refused(run, settings, "is missing, which signed this register's log")
    (folder / keys.PUBLIC).unlink()
    refused(run, settings, "is missing, which signed this register's log")


def test_a_key_that_signed_nothing_here_is_refused(
    run: Run, folder: Path, settings: Settings
) -> None:
    """A second server with a key of its own, or a database restored beside a new one."""
    own = [(file, file.read_bytes()) for file in (folder / keys.PRIVATE, folder / keys.PUBLIC)]
    for file, _ in own:
        file.unlink()
    keys.signing_key(folder)
    refused(run, settings, "has signed nothing in this register's log")
    for file, content in own:
        file.write_bytes(content)
    assert run("log", "verify").exit_code == 0


@sqlite_only
def test_halves_that_do_not_belong_together_are_refused(
    run: Run, folder: Path, settings: Settings, tmp_path: Path
) -> None:
    keys.signing_key(tmp_path)
    (folder / keys.PUBLIC).write_bytes((tmp_path / keys.PUBLIC).read_bytes())
    refused(run, settings, "is not the public half of")
    (folder / keys.PUBLIC).unlink()
    assert run("log", "verify").exit_code == 0


@sqlite_only
def test_a_forged_checkpoint_does_not_keep_the_verification_from_naming_it(
    run: Run, folder: Path, database: Database
) -> None:
    forge(
        database,
        "insert into log_checkpoint select number + 1, last, hash, at, previous, 'another', "
        "signature from log_checkpoint order by number desc limit 1",
    )
    assert "was not signed by the log's key" in run("log", "verify").stderr


@sqlite_only
def test_a_log_signed_anew_by_another_key_is_refused(
    run: Run, app: Flask, folder: Path, settings: Settings, database: Database, tmp_path: Path
) -> None:
    factories.person(app, "Bertta")
    forge(database, with_new_checkpoints(keys.signing_key(tmp_path)))
    refused(run, settings, "has signed nothing in this register's log")
