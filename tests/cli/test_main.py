"""The command line as a whole: exit codes, sentences, the language they are in."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from wesentra import __version__
from wesentra.cli import COMMANDS, main


def test_it_tells_its_version_by_both_names() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"wesentra {__version__}\n"
    as_module = [sys.executable, "-m", "wesentra", "--version"]
    assert subprocess.check_output(as_module, text=True) == f"wesentra {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


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
