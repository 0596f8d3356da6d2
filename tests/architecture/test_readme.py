"""The README names what there is: every command, every setting, every top folder."""

from pathlib import Path

import pytest

from tests.architecture.test_house_rules import ROOT
from wesentra.cli import COMMANDS
from wesentra.settings import KEYS

README = (Path(ROOT) / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_named(command: str) -> None:
    assert f"`wesentra {command}`" in README


@pytest.mark.parametrize("key", KEYS)
def test_every_setting_is_named(key: str) -> None:
    assert f"`{key}`" in README


def folders() -> list[str]:
    """The packages of the program and the folders beside it."""
    inside = [each.name for each in (Path(ROOT) / "wesentra").iterdir() if each.is_dir()]
    beside = ["templates", "static", "tests", "bench", "instance"]
    return [name for name in inside if not name.startswith("_")] + beside


@pytest.mark.parametrize("folder", sorted(folders()))
def test_every_folder_is_on_the_map(folder: str) -> None:
    assert f"{folder}/" in README


def test_the_pictures_are_there() -> None:
    for picture in ("docs/contact-time.png", "docs/dashboard.png"):
        assert picture in README
        assert (Path(ROOT) / picture).is_file()
