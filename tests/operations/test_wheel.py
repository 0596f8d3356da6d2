"""A built wheel carries everything, and its program runs where no checkout is."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hatch_build import HTMX_SHA384, digest
from tests.servers import clean_environ
from wesentra.assets import checkout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the tools of the environment, so without a network."""
    root = checkout()
    assert root
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return next(target.glob("wesentra-*.whl"))


def files_of(folder: str, pattern: str) -> set[str]:
    root = checkout()
    assert root
    return {str(path.relative_to(root)) for path in (root / folder).rglob(pattern)}


def test_templates_static_files_migrations_and_texts_travel_in_it(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"wesentra/{name}" for name in files_of("templates", "*.html")}
    wanted |= {f"wesentra/{name}" for name in files_of("static", "*.*")}
    wanted |= files_of("wesentra/migrations", "*.py")
    wanted |= {name[:-2] + "mo" for name in files_of("wesentra/translations", "*.po")}
    assert "wesentra/static/vendor/htmx.min.js" in wanted
    assert wanted <= inside
    assert not [name for name in inside if "__pycache__" in name or name.startswith("tests")]


def test_nothing_else_travels_in_it(wheel: Path) -> None:
    """No tests, no benches, no history of the source, no file of an installation."""
    inside = [Path(name) for name in zipfile.ZipFile(wheel).namelist()]
    assert {one.parts[0].partition("-")[0] for one in inside} == {"wesentra"}
    foreign = {"tests", "bench", "docs", "instance", ".git", ".ci", "settings.toml", "demo.txt"}
    assert [one for one in inside if foreign & set(one.parts)] == []
    assert [one for one in inside if one.suffix in (".key", ".pem", ".db", ".toml")] == []


def test_its_htmx_is_the_one_that_the_pages_name(wheel: Path) -> None:
    content = zipfile.ZipFile(wheel).read("wesentra/static/vendor/htmx.min.js")
    assert digest(content) == HTMX_SHA384


def test_it_serves_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Unpacked on the path before the checkout, it finds its own templates and static files."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    script = """
import json
import wesentra
from wesentra.app import create_app
from wesentra.operations import schema
from wesentra.settings import load
settings = load()
schema.upgrade(settings)
client = create_app(settings).test_client()
ask = lambda path: client.get(path, base_url="https://localhost").status_code
paths = ["/healthz", "/login", "/static/vendor/htmx.min.js"]
print(json.dumps({"file": wesentra.__file__, **{path: ask(path) for path in paths}}))
"""
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=clean_environ()
        | {"PYTHONPATH": str(tmp_path / "site"), "WESENTRA_INSTANCE": str(tmp_path / "instance")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    seen = json.loads(result.stdout)
    assert seen.pop("file").startswith(str(tmp_path))
    assert set(seen.values()) == {200}
