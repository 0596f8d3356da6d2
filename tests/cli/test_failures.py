"""What goes wrong outside of the program is one clear line, and nothing of an address in it."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.databases import Database, sqlite_only
from wesentra.cli import main
from wesentra.operations import schema

COMMANDS = [
    ("user", "list"),
    ("serve", "--host", "127.0.0.1", "--port", "0"),
    ("demo", "--no-serve"),
]
Run = Callable[..., Result]
every_command = pytest.mark.parametrize("words", COMMANDS, ids=" ".join)


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """The folder of an instance, as an administrator would make it: readable by others."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    (folder / "settings.toml").touch(0o600)
    return folder


@pytest.fixture
def run(instance: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `wesentra …` in English on the database of its instance."""
    monkeypatch.setenv("WESENTRA_LANGUAGE", "en")
    return lambda *words: CliRunner().invoke(main, ["--instance", str(instance), *words])


@pytest.fixture
def filled(instance: Path, sqlite_template: Path) -> Iterator[sqlite3.Connection]:
    """The instance's database with the newest schema, held open by another program."""
    target = instance / "wesentra.db"
    target.write_bytes(sqlite_template.read_bytes())
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        yield connection


def said(result: Result) -> str:
    """The one line of a failed command."""
    assert result.exit_code == 1, result.output
    assert result.stderr.startswith("wesentra: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("wesentra: ").strip()


@every_command
def test_a_file_that_is_no_database(run: Run, instance: Path, words: tuple[str, ...]) -> None:
    (instance / "wesentra.db").write_bytes(b"Aino Virtanen;aino@example.fi\n" * 200)
    assert said(run(*words)).startswith("The file of the register is damaged")


@pytest.mark.parametrize(
    "words", [*COMMANDS[1:], ("user", "disable", "aino")], ids=lambda words: words[0]
)
def test_a_database_that_stays_locked(
    run: Run,
    filled: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    monkeypatch.setattr("wesentra.models.turns.PATIENCE", 0.1)
    filled.execute("BEGIN IMMEDIATE")
    assert said(run(*words)).startswith("The register is held by another program")


@every_command
def test_a_database_server_that_is_down(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("WESENTRA_DATABASE_URL", "postgresql://app:secret@127.0.0.1:1/register")
    assert said(run(*words)) == (
        "The database server does not answer, or does not let Wesentra in."
    )


@every_command
def test_a_schema_of_a_later_version(
    run: Run, filled: sqlite3.Connection, words: tuple[str, ...]
) -> None:
    filled.execute("UPDATE alembic_version SET version_num = '9999'")
    assert said(run(*words)).startswith("The register has the schema of another version")


def test_a_command_leaves_the_schema_to_the_server(
    run: Run, filled: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update of the program, the server that still runs has the schema it knows."""
    known = schema._revisions()
    monkeypatch.setattr(schema, "_revisions", lambda: ["newer", *known])
    assert "Start the server once: wesentra serve" in said(run("user", "list"))
    assert filled.execute("SELECT version_num FROM alembic_version").fetchall() == [(known[0],)]


def test_an_empty_database_gets_its_schema_from_any_command(run: Run) -> None:
    assert run("user", "list").exit_code == 0


@sqlite_only
def test_a_command_that_only_looks_waits_for_no_writer(
    database: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in database.environ().items():
        monkeypatch.setenv(name, value)
    with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        assert run("user", "list").exit_code == 0


def test_the_database_is_its_owner_s_only(run: Run, instance: Path) -> None:
    assert run("user", "list").exit_code == 0
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in instance.glob("wesentra.db*")}
    assert set(files.values()) == {0o600}


def test_a_database_that_others_could_read_is_closed_to_them(
    run: Run, instance: Path, filled: sqlite3.Connection
) -> None:
    filled.execute("PRAGMA journal_mode=WAL")
    filled.execute("CREATE TABLE kept_open (id)")
    files = list(instance.glob("wesentra.db*"))
    for file in files:
        file.chmod(0o644)
    assert run("user", "list").exit_code == 0
    assert {file.name for file in files} >= {"wesentra.db", "wesentra.db-wal", "wesentra.db-shm"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_whatever_a_command_makes_is_its_owner_s_only(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0o022)
    try:
        monkeypatch.setattr(
            "wesentra.operations.schema.demand", lambda _: (instance / "made").touch()
        )
        run("user", "list")
        assert stat.S_IMODE((instance / "made").stat().st_mode) == 0o600
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
