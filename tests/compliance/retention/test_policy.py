"""When somebody goes: every deadline with its vector, and what counts first."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from wesentra.compliance.retention.bookkeeping import books_until, vouchers_until, year_end_of
from wesentra.compliance.retention.policy import (
    Case,
    Facts,
    Fate,
    Limit,
    Rule,
    asked_first,
    due,
    fate,
    moved_by,
)
from wesentra.deadlines import months_after, working_day_from
from wesentra.models.codes import Group
from wesentra.models.retention_rule import Action, Trigger

BEGAN = date(2024, 1, 31)
CUSTOMER = Group.CONTRACT_CUSTOMER.value


def rule(
    id_: int, kind: str, group: str, trigger: str, months: int, action: str = "delete"
) -> Rule:
    return Rule(id_, kind, group, trigger, months, action)


RULES = [
    rule(1, "contact", "prospect", "last_contact", 12),
    rule(2, "contact", CUSTOMER, "last_contact", 36, "ask"),
    rule(3, "contact", CUSTOMER, "left_role", 1),
    rule(4, "contact", CUSTOMER, "contract_end", 12),
    rule(5, "contact", "former-customer", "contract_end", 12),
    rule(6, "company", CUSTOMER, "last_contact", 36, "ask"),
    rule(7, "company", CUSTOMER, "contract_end", 12),
    rule(8, "company", CUSTOMER, "last_invoice", 72),
]


def facts(kind: str = "contact", group: str = CUSTOMER, **known: object) -> Facts:
    return replace(Facts(kind, group, created=BEGAN, group_since=BEGAN), **known)  # type: ignore[arg-type]


def goes(known: Facts) -> tuple[date, int]:
    found = due(known, RULES)
    assert found is not None
    return found.on, found.rule.id


# --- months, by Regulation 1182/71 ----------------------------------------------------------------

VECTORS = (
    # received, one month, its working day, two months more, its working day
    ("2026-11-22", "2026-12-22", "2026-12-22", "2027-02-22", "2027-02-22"),
    ("2026-11-06", "2026-12-06", "2026-12-07", "2027-02-06", "2027-02-08"),
    ("2027-01-29", "2027-02-28", "2027-03-01", "2027-04-29", "2027-04-29"),
    ("2027-01-31", "2027-02-28", "2027-03-01", "2027-04-30", "2027-04-30"),
    ("2027-08-31", "2027-09-30", "2027-09-30", "2027-11-30", "2027-11-30"),
)


@pytest.mark.parametrize(("received", "one", "works", "three", "works_then"), VECTORS)
def test_a_month_ends_on_the_same_day_or_the_last(
    received: str, one: str, works: str, three: str, works_then: str
) -> None:
    day = date.fromisoformat(received)
    assert months_after(day, 1) == date.fromisoformat(one)
    assert working_day_from(months_after(day, 1)) == date.fromisoformat(works)
    assert months_after(day, 3) == date.fromisoformat(three)
    assert working_day_from(months_after(day, 3)) == date.fromisoformat(works_then)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-04-03", "2026-04-07"),  # Good Friday to Easter Monday
        ("2027-05-06", "2027-05-07"),  # Ascension
        ("2026-06-19", "2026-06-22"),  # Midsummer's eve
        ("2026-12-24", "2026-12-28"),  # Christmas, then a weekend
        ("2026-01-06", "2026-01-07"),
        ("2026-05-01", "2026-05-04"),
        ("2026-11-23", "2026-11-23"),
    ],
)
def test_no_period_ends_on_a_holiday(day: str, works: str) -> None:
    assert working_day_from(date.fromisoformat(day)) == date.fromisoformat(works)


# --- bookkeeping, by kirjanpitolaki 2:10 § -------------------------------------------------------


@pytest.mark.parametrize(
    ("year_end", "vouchers", "books"),
    [
        ("2017-04-30", "2023-12-31", "2027-04-30"),
        ("2024-03-31", "2030-12-31", "2034-03-31"),
        ("2026-12-31", "2032-12-31", "2036-12-31"),
    ],
)
def test_vouchers_and_books(year_end: str, vouchers: str, books: str) -> None:
    day = date.fromisoformat(year_end)
    assert vouchers_until(day) == date.fromisoformat(vouchers)
    assert books_until(day) == date.fromisoformat(books)


@pytest.mark.parametrize(
    ("invoice", "ends", "year_end"),
    [
        ("2016-05-01", (4, 30), "2017-04-30"),
        ("2017-04-30", (4, 30), "2017-04-30"),
        ("2017-05-01", (4, 30), "2018-04-30"),
        ("2024-02-29", (2, 29), "2024-02-29"),
        ("2023-02-28", (2, 29), "2023-02-28"),
        ("2023-03-01", (2, 29), "2024-02-29"),
        ("2026-12-31", (12, 31), "2026-12-31"),
    ],
)
def test_the_financial_year_of_an_invoice(
    invoice: str, ends: tuple[int, int], year_end: str
) -> None:
    assert year_end_of(date.fromisoformat(invoice), ends) == date.fromisoformat(year_end)


def test_an_invoice_in_a_broken_year() -> None:
    """The contact's telephone is not kept because of bookkeeping, the company's address is."""
    ended = {"contract_ended": date(2017, 2, 1)}
    company = facts("company", invoiced=date(2016, 9, 9), **ended)
    found = due(company, RULES, (4, 30))
    assert found is not None
    assert (found.on, found.rule.id) == (date(2024, 1, 1), 8), "the last day is kept whole"
    assert goes(facts("contact", **ended)) == (date(2018, 2, 1), 4)


# --- what counts ---------------------------------------------------------------------------------


def test_a_prospect_goes_a_year_after_the_last_contact() -> None:
    assert goes(facts(group="prospect")) == (date(2025, 1, 31), 1)
    called = facts(group="prospect", last_contact=date(2024, 2, 29))
    assert goes(called) == (date(2025, 2, 28), 1)


def test_a_contact_before_the_record_began_does_not_count() -> None:
    assert goes(facts(group="prospect", last_contact=BEGAN - timedelta(days=1))) == goes(
        facts(group="prospect")
    )


def test_a_customer_is_asked_about_until_something_ends() -> None:
    assert goes(facts()) == (date(2027, 1, 31), 2)
    assert goes(facts(left=date(2026, 1, 31))) == (date(2026, 2, 28), 3)
    assert goes(facts(contract_ended=date(2025, 6, 1))) == (date(2026, 6, 1), 4)


def test_what_ended_first_counts() -> None:
    both = facts(left=date(2025, 6, 1), contract_ended=date(2024, 6, 1))
    assert goes(both) == (date(2025, 6, 1), 4)
    assert goes(replace(both, left=date(2025, 4, 1))) == (date(2025, 5, 1), 3)


def test_a_former_customer_counts_from_the_change_of_group() -> None:
    former = facts(group="former-customer", group_since=date(2025, 3, 3))
    assert goes(former) == (date(2026, 3, 3), 5)
    assert goes(replace(former, contract_ended=date(2024, 5, 5))) == (date(2025, 5, 5), 5)


def test_a_sole_trader_stays_as_long_as_their_bookkeeping() -> None:
    company = facts("company", contract_ended=date(2024, 5, 5), invoiced=date(2024, 5, 1))
    person = facts(left=date(2024, 5, 5), traders=(company,))
    assert goes(person) == (date(2031, 1, 1), 8)
    later = facts(last_contact=date(2031, 1, 1), traders=(company,))
    assert goes(later) == (date(2034, 1, 1), 2)


def test_a_group_without_a_rule_has_no_date() -> None:
    assert due(facts(group="stakeholder"), RULES) is None


def test_what_would_move_the_date() -> None:
    assert moved_by(facts(), RULES) == ["last_contact", "left_role", "contract_end"]
    assert moved_by(facts(group="prospect"), RULES) == ["last_contact"]


# --- a day that comes nearer all at once ----------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "known", "goes"),
    [
        ("2024-11-05", "2024-11-05", "2024-11-05"),
        ("2025-06-01", "2024-11-05", "2025-06-01"),  # later: at once
        ("2024-12-01", "2025-06-01", "2024-12-01"),  # nearer, but not too near
        ("2024-11-30", "2025-06-01", "2024-12-01"),  # thirty days, in which the owner is asked
        ("2016-03-01", "2025-06-01", "2024-12-01"),  # an end of a contract with a wrong year
        ("2016-03-01", "2024-11-05", "2024-11-05"),  # as before: it was asked about already
        ("2016-03-01", "2024-10-01", "2024-10-01"),
        ("2016-03-01", None, "2024-12-01"),  # somebody new
        ("2026-03-01", None, "2026-03-01"),
    ],
)
def test_the_owner_has_thirty_days_before_a_day_that_comes_nearer(
    counted: str, known: str | None, goes: str
) -> None:
    before = date.fromisoformat(known) if known else None
    found = asked_first(date.fromisoformat(counted), before, date(2024, 11, 1))
    assert found == date.fromisoformat(goes)
    for days in range(60):  # it stays as it is, night after night
        night = date(2024, 11, 1) + timedelta(days=days)
        assert asked_first(date.fromisoformat(counted), found, night) == found


# --- what happens on a day ------------------------------------------------------------------------


def case(action: str = Action.DELETE, *holds: str, let_go: bool = False) -> Case:
    known = due(
        facts(group="prospect"), [rule(1, "contact", "prospect", "last_contact", 12, action)]
    )
    return Case(1, known, frozenset(holds), let_go)


DAY = date(2025, 1, 31)


def test_nobody_goes_before_the_day() -> None:
    assert fate(case(), DAY - timedelta(days=1)) == Fate.STAYS
    assert fate(case(), DAY) == Fate.GOES
    assert fate(case(), DAY + timedelta(days=900)) == Fate.GOES
    assert fate(Case(1, None), DAY) == Fate.STAYS


def test_a_hold_keeps() -> None:
    assert fate(case(Action.DELETE, "claim"), DAY) == Fate.HELD
    assert fate(case(Action.ASK, "asked", let_go=True), DAY) == Fate.HELD


def test_a_rule_that_asks_waits_for_the_word() -> None:
    assert fate(case(Action.ASK), DAY) == Fate.ASKED
    assert fate(case(Action.ASK, let_go=True), DAY) == Fate.GOES


@pytest.mark.parametrize(
    ("going", "everybody", "approved", "exceeded"),
    [
        (20, 100, 0, False),
        (21, 100, 0, True),
        (50, 1000, 0, False),
        (51, 1000, 0, True),
        (300, 1000, 300, False),
        (301, 1000, 300, True),
        (0, 0, 0, False),
    ],
)
def test_a_run_that_would_empty_the_register_stops(
    going: int, everybody: int, approved: int, exceeded: bool
) -> None:
    assert Limit(5).exceeded(going, everybody, approved) == exceeded


def test_every_trigger_is_one_that_the_policy_knows() -> None:
    known = {Trigger.LAST_CONTACT, Trigger.LEFT_ROLE, Trigger.CONTRACT_END, Trigger.LAST_INVOICE}
    assert set(Trigger) - {Trigger.EVENT} == known
