"""The dashboard says when the register was backed up last, and when somebody tried a backup out."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from wesentra import clock
from wesentra.actor import current
from wesentra.audit.entry import Operation
from wesentra.web.formats import day

MADE, TRIED = "the last backup", "the last test of a backup"


def done(app: Flask, operation: Operation, outcome: str = "done") -> None:
    with factories.register(app):
        current().event(operation, "register", outcome=outcome)


def figure(app: Flask, label: str) -> tuple[str, bool, str]:
    """What stands above a label, whether it is red, and where it leads."""
    page = factories.signed_in(app, "privacy").get("/dashboard/").text
    stat = page[: page.index(f">{label}<")].rpartition('<div class="stat')[2]
    said = re.search(r'stat-value[^>]*>([^<]*)<.*href="([^"]*)"', stat, re.DOTALL)
    assert said, stat
    return said[1], stat.startswith(" stat-bad"), said[2]


@pytest.mark.parametrize(
    ("label", "operation", "days"),
    [(MADE, Operation.BACKUP, 2), (TRIED, Operation.RESTORE_TEST, 365)],
)
def test_a_figure_is_red_until_it_is_done_and_when_it_is_long_ago(
    app: Flask, label: str, operation: Operation, days: int
) -> None:
    assert figure(app, label)[:2] == ("never", True)
    done(app, operation, outcome="fault")
    assert figure(app, label)[:2] == ("never", True)
    with clock.turned_to(clock.now() - timedelta(days=days + 1)):
        done(app, operation)
    assert figure(app, label)[1]
    done(app, operation)
    said, red, url = figure(app, label)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert said == day(clock.today())
    assert not red
    assert url == f"/log/?operation={operation}"
