"""What is proposed, decided purely."""

from datetime import date

import pytest

from wesentra.compliance.minimisation import policy
from wesentra.compliance.minimisation.policy import FIELDS, REMOVABLE, STAY, Entry, Share
from wesentra.models import Contact
from wesentra.models.personal import marks


def entry(field: str, last_on: date | None, filled: int | None, used: int | None) -> Entry:
    own = FIELDS[field.partition(".")[2]]
    return Entry(field, own, last_on, filled, used)


def test_every_field_of_a_contact_stays_for_a_reason_or_can_be_removed() -> None:
    told = {name for name, own in marks(Contact) if own.exported}
    assert set(REMOVABLE) == {"title", "phone", "email", "note"}
    assert told == {*REMOVABLE, *STAY}


@pytest.mark.parametrize(
    ("today", "months", "last"),
    [
        (date(2026, 11, 23), 24, date(2024, 11, 23)),
        (date(2026, 2, 28), 24, date(2024, 2, 28)),
        (date(2028, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2026, 1, 1), 12, date(2025, 1, 1)),
    ],
)
def test_the_last_day_that_is_too_long_ago(today: date, months: int, last: date) -> None:
    assert policy.limit(today, months) == last


@pytest.mark.parametrize(
    ("created", "last_use", "known", "since"),
    [
        (date(2020, 1, 1), None, date(2019, 1, 1), date(2020, 1, 1)),
        (date(2020, 1, 1), date(2023, 5, 5), date(2019, 1, 1), date(2023, 5, 5)),
        (date(2020, 1, 1), None, date(2024, 3, 1), date(2024, 3, 1)),
        (date(2020, 1, 1), date(2025, 5, 5), date(2024, 3, 1), date(2025, 5, 5)),
    ],
)
def test_nothing_is_unused_before_it_was_there_or_before_anybody_counted(
    created: date, last_use: date | None, known: date, since: date
) -> None:
    assert policy.unused_since(created, last_use, known) == since


@pytest.mark.parametrize("known", [date(2024, 2, 29), date(2024, 11, 30), date(2026, 12, 31)])
def test_the_first_proposal_is_the_first_day_on_which_enough_is_known(known: date) -> None:
    for months in (3, 12, 24):
        day = policy.first_proposal(known, months)
        assert policy.limit(day, months) >= known
        assert policy.limit(date.fromordinal(day.toordinal() - 1), months) < known


LIMIT, LONG_AGO = date(2024, 11, 23), date(2020, 1, 1)


@pytest.mark.parametrize(
    ("own", "known", "proposed"),
    [
        (entry("contact.phone", None, 9, 0), LONG_AGO, True),
        (entry("contact.phone", LIMIT, 9, 0), LONG_AGO, True),
        (entry("contact.phone", date(2024, 11, 24), 9, 0), LONG_AGO, False),
        (entry("contact.phone", None, 9, 1), LONG_AGO, False),
        (entry("contact.phone", None, 0, 0), LONG_AGO, False),
        (entry("contact.phone", None, 9, 0), date(2025, 1, 1), False),
        (entry("contact.phone", None, 9, 0), None, False),
        (entry("contact.group", None, 9, 0), LONG_AGO, False),
        (entry("company.note", None, None, None), LONG_AGO, True),
    ],
)
def test_a_field_goes_out_of_the_dictionary_when_nobody_used_anybodys(
    own: Entry, known: date | None, proposed: bool
) -> None:
    assert own.proposed(LIMIT, known) is proposed


def test_the_largest_share_stands_first() -> None:
    small, large = Share("prospect", "phone", 100, 10, 0), Share("prospect", "title", 10, 9, 0)
    none = Share("supplier", "phone", 0, 0, 0)
    assert policy.sorted_shares([small, none, large]) == [large, small, none]
    assert (large.percent, none.percent) == (90, 0)
