"""The thresholds of the log review and of the retention run: settings like the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wesentra.refusal import Refused
from wesentra.texts import mark


@dataclass(frozen=True, kw_only=True)
class ReviewLimits:
    """When a rule of the monthly log review says something. A review keeps those of its day."""

    review_sample: int = 30
    """Entries drawn at random in all, and at least `review_sample_each` of each user."""
    review_sample_each: int = 3
    review_contact_days: int = 14
    """Days before and after a look in which a contact or a task explains it."""
    review_hour_from: int = 6
    """Work begins at this hour in Finland and ends at `review_hour_to`."""
    review_hour_to: int = 20
    review_day_people: int = 40
    """People opened on one day, and times the median of the user's other days (of the month and of
    90 days before; fewer than five are too few): more than both is a hit."""
    review_day_times: int = 3
    review_sequence: int = 5
    """Pages opened one after the other by the numbers of their people, up or down."""
    review_former_months: int = 12
    review_source_days: int = 90
    """A network address not used by the user for so long before the month is new."""
    review_leaving_days: int = 14
    review_denied: int = 5
    review_searches: int = 15
    """Searches on one day after which nobody was opened."""
    review_confirmed: int = 10
    """People whose data were confirmed within `review_confirmed_minutes`: more is a hit."""
    review_confirmed_minutes: int = 10


@dataclass(frozen=True, kw_only=True)
class RetentionLimits:
    """By what dates of deletion are counted, and when a run stops and asks."""

    financial_year_ends: str = "12-31"
    """The last day of the company's financial year, month and day (kirjanpitolaki 1:4 §)."""
    retention_percent: int = 5
    """More than so many of a hundred do not go in one run, unless somebody gives their word."""
    unused_months: int = 24
    """A field of somebody that was of no use for so long is proposed for removal."""


@dataclass(frozen=True, kw_only=True)
class Limits(ReviewLimits, RetentionLimits):
    """All of them."""


RANGES = {
    "retention_percent": (1, 100),
    "review_hour_from": (0, 23),
    "review_hour_to": (1, 24),
    "unused_months": (3, 120),
}
"""Whole numbers with limits of their own."""


def check_limits(values: Mapping[str, Any]) -> None:
    """Raises Refused for a day of work that ends before it begins, and for a day of no year."""
    if not _is_day(values.get("financial_year_ends", RetentionLimits.financial_year_ends)):
        raise Refused(
            mark("The setting %(key)s cannot be %(value)s."),
            key="financial_year_ends",
            value=repr(values["financial_year_ends"]),
        )
    begins, ends = "review_hour_from", "review_hour_to"
    hours = [values.get(key, getattr(ReviewLimits, key)) for key in (begins, ends)]
    if hours[0] >= hours[1]:
        raise Refused(
            mark("The setting %(key)s has to be less than the setting %(other)s."),
            key=begins,
            other=ends,
        )


def _is_day(text: str) -> bool:
    """Whether a text is a month and a day that some year has."""
    try:
        return text == date.fromisoformat(f"2024-{text}").isoformat()[5:]
    except ValueError:
        return False
