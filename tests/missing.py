"""What a machine lacks for the whole suite: skipped and said loudly, and in CI a failure."""

import os
from typing import NoReturn

import pytest

SIGN = "NOT TESTED, missing:"


def missing(what: str) -> NoReturn:
    """End the test because `what` is not on this machine; the summary repeats it once."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{SIGN} {what}", pytrace=False)
    pytest.skip(f"{SIGN} {what}")


def lines(reporter: pytest.TerminalReporter) -> list[str]:
    """Each missing thing once, with the number of tests that it cost."""
    counts: dict[str, int] = {}
    for outcome in ("skipped", "failed", "error"):
        for report in reporter.stats.get(outcome, []):
            _, found, what = str(report.longrepr).partition(SIGN)
            if found:
                name = what.split("\n")[0].rstrip("'\")")
                counts[name] = counts.get(name, 0) + 1
    return [f"{SIGN}{what} (tests: {count})" for what, count in sorted(counts.items())]
