"""Commands, run as somebody types them."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from tests.databases import Database
from wesentra.cli import main
from wesentra.settings import Settings


@pytest.fixture
def run(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Runs `wesentra …` in English on the test's database; `typed` is its standard input."""
    for name, value in database.environ().items():
        monkeypatch.setenv(name, value)

    def run(*words: object, typed: str | bytes | None = None) -> Result:
        arguments = ["--instance", str(settings.instance), *map(str, words)]
        return CliRunner().invoke(main, arguments, input=typed)

    return run
