"""Commands as somebody types them, for the tests of the way out as well."""

from tests.cli.conftest import run

__all__ = ["run"]
