"""A mistyped instance is no new register: only what begins one makes its folder."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wesentra.cli import main

ADD = ("user", "add", "aino", "--full-name", "Aino Virtanen", "--role", "staff")
OTHERS = [
    ("user", "list"),
    ("user", "reset", "aino"),
    ("import", "contacts", os.devnull, "--group", "prospect", "--source", "fair"),
    ("import", "undo", "1"),
    ("export", "subject", "1", "--as", "aino"),
    ("log", "export"),
    ("log", "verify"),
    ("log", "checkpoint"),
    ("log", "prune"),
    ("jobs", "run"),
    ("shell", "--as", "aino", "--purpose", "sales"),
]


def run(folder: Path, *words: str, **environ: str) -> Result:
    """Runs `wesentra …` in English on that folder."""
    environ = {"WESENTRA_LANGUAGE": "en", "WESENTRA_ASSETS": "local", **environ}
    return CliRunner().invoke(main, ["--instance", str(folder), *words], env=environ)


@pytest.mark.parametrize("words", OTHERS, ids=" ".join)
@pytest.mark.parametrize("is_there", [False, True], ids=["no folder", "an empty folder"])
def test_no_other_command_makes_a_register(
    tmp_path: Path, words: tuple[str, ...], is_there: bool
) -> None:
    folder = tmp_path / "registre"
    if is_there:
        folder.mkdir()
    result = run(folder, *words)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"wesentra: There is no register in {folder}.")
    assert result.stderr.count("\n") == 1
    assert (list(folder.iterdir()) if is_there else folder.exists()) in ([], False)


def test_by_the_environment_neither(tmp_path: Path) -> None:
    folder = tmp_path / "registre"
    environ = {"WESENTRA_INSTANCE": str(folder), "WESENTRA_LANGUAGE": "en"}
    result = CliRunner().invoke(main, ["user", "list"], env=environ)
    assert (result.exit_code, folder.exists()) == (1, False)
    assert str(folder) in result.stderr


def test_the_first_account_begins_one_and_says_where(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    first = run(folder, *ADD)
    assert first.exit_code == 0, first.output
    assert first.stderr == f"A new register begins in {folder}\n"
    assert run(folder, "user", "list").stdout.startswith("aino")
    again = run(folder, "user", "add", "eero", *ADD[3:])
    assert (again.exit_code, again.stderr) == (0, "")


@pytest.mark.parametrize("file", ["settings.toml", "secret.key", "wesentra.db"])
def test_a_folder_that_somebody_prepared_or_restored_is_one(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("a" * 64 if file == "secret.key" else "")
    result = run(tmp_path, "user", "list")
    assert result.exit_code == 0, result.output


def test_an_export_is_verified_where_there_is_no_register(tmp_path: Path) -> None:
    export, key = tmp_path / "log.jsonl", tmp_path / "log.pub"
    assert run(tmp_path / "own", *ADD).exit_code == 0
    run(tmp_path / "own", "log", "checkpoint")
    run(tmp_path / "own", "log", "export", "-o", str(export))
    key.write_bytes((tmp_path / "own" / "log.pub").read_bytes())
    words = ("log", "verify", "--offline", str(export), "--key", str(key))
    result = run(tmp_path / "none", *words)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("The log is whole: ")
    assert not (tmp_path / "none").exists()
