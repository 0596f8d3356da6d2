"""The command line as a whole: exit codes, sentences, the language they are in."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from wesentra import __version__
from wesentra.cli import COMMANDS, Commands, main
from wesentra.cli.spoken import speaking, spoken


def test_it_tells_its_version_by_both_names() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"wesentra {__version__}\n"
    as_module = [sys.executable, "-m", "wesentra", "--version"]
    assert subprocess.check_output(as_module, text=True) == f"wesentra {__version__}\n"


@pytest.mark.parametrize(("language", "word"), [("en", "Usage:"), ("fi", "Käyttö:")])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, language: str, word: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"], env={"WESENTRA_LANGUAGE": language})
    assert result.exit_code == 0
    assert result.output.startswith(word)


def everything(command: click.Command) -> Iterator[str]:
    """What help says of a command and of what stands beneath it."""
    yield command.help or ""
    yield command.options_metavar or ""
    yield from (each.help or "" for each in command.params if isinstance(each, click.Option))
    if isinstance(command, Commands):
        found = [command.get_command(click.Context(command), name) for name in COMMANDS]
        yield from (text for each in found if each for text in everything(each))
    elif isinstance(command, click.Group):
        yield from (text for each in command.commands.values() for text in everything(each))


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_word_of_help_is_left_in_english(language: str) -> None:
    with speaking("en"):
        english = [text for text in everything(spoken(main)) if text]
    with speaking(language):
        said = [text for text in everything(spoken(main)) if text]
    assert len(said) == len(english) > 60
    hidden = {"Called by the server itself."}
    assert set(said) & set(english) == hidden


def test_help_is_in_the_language_of_the_installation_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('language = "sv"')
    named = ["--instance", str(tmp_path)]
    environ = {"WESENTRA_LANGUAGE": None, "LANGUAGE": "en"}
    for words in (["--help"], ["user", "--help"], ["user", "add", "--help"]):
        output = CliRunner().invoke(main, [*named, *words], env=environ).stdout
        assert output.startswith("Användning: ")
        assert "Options" not in output
        assert "Show this message" not in output
    wrong = CliRunner().invoke(main, [*named, "serve", "--port", "x"], env=environ)
    assert wrong.exit_code == 2
    assert "Fel: Ogiltigt värde för '--port': 'x' är inget giltigt tal." in wrong.stderr


def test_help_makes_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert CliRunner().invoke(main, ["--instance", str(folder), "user", "--help"]).exit_code == 0
    assert not folder.exists()


def test_what_is_refused_is_one_line_and_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WESENTRA_LANGUAGE", "en")
    monkeypatch.setenv("WESENTRA_COLOUR", "blue")
    result = CliRunner().invoke(main, ["--instance", str(tmp_path), "serve"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == ("wesentra: The environment has an unknown setting: WESENTRA_COLOUR.\n")


def test_wrong_usage_is_exit_code_2() -> None:
    assert CliRunner().invoke(main, ["serve", "--port", "many"]).exit_code == 2
    assert CliRunner().invoke(main, ["dance"]).exit_code == 2
