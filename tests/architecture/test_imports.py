"""Who may import whom: the contracts of pyproject.toml hold."""

import os
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[2]


def test_the_contracts_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    config = os.fspath(ROOT / "pyproject.toml")
    status = lint_imports(config_filename=config, cache_dir=os.fspath(tmp_path))
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_nobody_but_the_doors_imports_the_application() -> None:
    doors = {"__main__.py", "app.py", "cli", "operations"}
    for path in sorted((ROOT / "wesentra").rglob("*.py")):
        first = path.relative_to(ROOT / "wesentra").parts[0]
        if first not in doors:
            assert "wesentra.app" not in path.read_text(encoding="utf-8"), path
