"""The red line about backups: those in charge see that one failed, or that none is young."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests import factories, pages
from tests.databases import sqlite_only
from wesentra.app import create_app
from wesentra.compliance.backups import alarm, figures
from wesentra.compliance.backups.alarm import FAILED, NEVER, OLD, Known
from wesentra.models.base import db
from wesentra.operations import jobs
from wesentra.settings import Settings

TODAY = date(2026, 11, 23)
YESTERDAY, LONG_AGO = TODAY - timedelta(days=1), TODAY - timedelta(days=3)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (Known(True, "done", YESTERDAY), []),
        (Known(True, "", YESTERDAY), []),
        (Known(True, "refused", YESTERDAY), [FAILED]),
        (Known(True, "broken", LONG_AGO), [FAILED, OLD]),
        (Known(True, "done", LONG_AGO), [OLD]),
        (Known(True, None, LONG_AGO), [OLD]),
        (Known(True, "refused", None), [FAILED, NEVER]),
        (Known(True, None, None), []),  # its first night comes
        (Known(False, "refused", LONG_AGO), []),
    ],
)
def test_what_those_in_charge_have_to_know(known: Known, said: list[str]) -> None:
    assert [*alarm.sentences(known, TODAY)] == said


def test_the_line_and_the_dashboard_mean_the_same_by_young() -> None:
    assert alarm.WITHIN == figures.MADE_WITHIN


@sqlite_only
def test_a_backup_that_failed_is_a_red_line_for_those_in_charge_alone(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    asked = replace(settings, backup_folder=tmp_path / "away")
    served = create_app(asked)
    with served.app_context():
        failed = [one.job for one in jobs.run_due(asked) if one.refused]
    assert failed == ["backup"]
    for role in ("privacy", "admin", "auditor"):
        page = pages.visit(factories.signed_in(served, role), "/")
        assert FAILED in page.text, role
        assert "backups-alarm" in page.ids
    assert "backups-alarm" not in pages.visit(factories.signed_in(served, "staff"), "/").ids
    assert "backups-alarm" not in pages.visit(factories.signed_in(app, "admin"), "/").ids
    with served.app_context():
        db.engine.dispose()
