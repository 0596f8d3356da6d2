"""Who may import whom: the contracts of pyproject.toml hold."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINT = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename=sys.argv[1], cache_dir=sys.argv[2]))
"""


def test_the_contracts_are_kept(tmp_path: Path) -> None:
    """In a process of its own: the linter silences the loggers of the one that it runs in."""
    command = [sys.executable, "-c", LINT, os.fspath(ROOT / "pyproject.toml"), os.fspath(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def test_nobody_but_the_doors_imports_the_application() -> None:
    doors = {"__main__.py", "app.py", "cli", "operations"}
    for path in sorted((ROOT / "wesentra").rglob("*.py")):
        first = path.relative_to(ROOT / "wesentra").parts[0]
        if first not in doors:
            assert "wesentra.app" not in path.read_text(encoding="utf-8"), path
