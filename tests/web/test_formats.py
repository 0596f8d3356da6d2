"""Times and numbers, as they are written in Finland in each of the three languages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from tests.databases import sqlite_only
from wesentra import clock
from wesentra.web import formats

pytestmark = sqlite_only
EVENING = datetime(2026, 11, 1, 22, 5, tzinfo=UTC)
"""Already the second of November in Finland."""


@pytest.mark.parametrize(
    ("language", "moment", "day"),
    [
        ("fi", "2.11.2026 klo 0.05", "2.11.2026"),
        ("sv", "2.11.2026 kl. 0.05", "2.11.2026"),
        ("en", "2 Nov 2026, 00:05", "2 Nov 2026"),
    ],
)
def test_times_are_finnish_time(app: Flask, language: str, moment: str, day: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert formats.moment(EVENING) == moment
        assert formats.day(EVENING) == formats.day(date(2026, 11, 2)) == day


def test_nothing_is_a_dash(app: Flask) -> None:
    with app.test_request_context():
        assert (formats.moment(None), formats.day(None)) == ("–", "–")


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "tänään"), (1, "eilen"), (12, "12 päivää sitten"), (61, "2 kuukautta sitten")],
)
def test_how_long_ago_is_said_in_words(app: Flask, days: int, words: str) -> None:
    with app.test_request_context(), force_locale("fi"):
        assert formats.ago(clock.now() - timedelta(days=days)) == words
