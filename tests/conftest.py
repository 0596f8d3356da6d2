"""What every test stands on: closed sockets, fresh databases, a real browser, a real server."""

import pytest

from tests import folder, missing, network, quick

pytest_plugins = ["tests.databases", "tests.application", "tests.browsers", "tests.servers"]

BROWSER_FIXTURES = {"page", "context", "browser", "new_context"}


def _controls(config: pytest.Config) -> bool:
    """Whether this process is the run itself and not one of its workers."""
    return not hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    network.close()
    quick.make_quick()
    if _controls(config):
        folder.open_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _controls(config):
        folder.close_run()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    quick.keep_what_is_there()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After every fixture of the test."""
    quick.let_go()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in missing.lines(terminalreporter):
        terminalreporter.write_line(line, red=True, bold=True)
