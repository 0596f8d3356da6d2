"""Each rule by itself, over plain records: what it speaks up about, and what it leaves alone."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wesentra import clock, worktime
from wesentra.audit.spans import Row
from wesentra.audit.usual import usual, usual_but, usual_without
from wesentra.compliance.log_review import day_rules, entry_rules
from wesentra.compliance.log_review.month import Month
from wesentra.compliance.log_review.records import Context, Day, Found
from wesentra.compliance.log_review.sampling import Draw
from wesentra.limits import ReviewLimits

LIMITS = ReviewLimits()
TUESDAY = datetime(2026, 3, 17, 12, 0, tzinfo=clock.HELSINKI)
NOTHING = Context(purposes=frozenset({"sales"}))


def row(number: int = 1, **values: object) -> Row:
    """User 7 opens person 5 on a Tuesday at noon, from the office, to sell something."""
    given = {
        "at": TUESDAY,
        "request_id": f"request-{number}",
        "actor_id": 7,
        "purpose": "sales",
        "operation": "view",
        "subject_type": "contact",
        "subject_ids": "[5]",
        "outcome": "done",
        "channel": "web",
        "source": "10.0.0.1",
        "endpoint": "contacts.show",
        **values,
    }
    return Row(id=number, **given)  # type: ignore[arg-type]


# --- days off -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day",
    [
        *("1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2024-03-31"),
        *("2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25", "2049-04-18", "2076-04-19"),
    ],
)
def test_easter(day: str) -> None:
    expected = date.fromisoformat(day)
    assert worktime.easter(expected.year) == expected


def test_midsummer_and_all_saints() -> None:
    assert worktime.midsummer(2026) == date(2026, 6, 20)
    assert worktime.midsummer(2027) == date(2027, 6, 26)
    assert worktime.all_saints(2026) == date(2026, 10, 31)
    assert worktime.all_saints(2027) == date(2027, 11, 6)


@pytest.mark.parametrize(
    "day",
    [
        *("2026-01-01", "2026-01-06", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14"),
        *("2026-06-19", "2027-12-06", "2026-12-24", "2026-12-25", "2026-03-14", "2026-03-15"),
    ],
)
def test_days_off(day: str) -> None:
    assert worktime.is_day_off(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-04-02", "2026-04-07", "2026-12-23", "2026-06-22"])
def test_working_days(day: str) -> None:
    assert not worktime.is_day_off(date.fromisoformat(day))


# --- rules of one entry -------------------------------------------------------------------


@pytest.mark.parametrize(("days", "hit"), [(0, False), (14, False), (-14, False), (15, True)])
def test_r1_a_contact_or_task_of_one_s_own_explains_a_look(days: int, hit: bool) -> None:
    context = Context(work={(7, 5): [TUESDAY + timedelta(days=days)]})
    assert bool(entry_rules.without_contact(row(), context, LIMITS)) is hit


def test_r1_somebody_else_s_contact_explains_nothing() -> None:
    context = Context(work={(8, 5): [TUESDAY], (7, 6): [TUESDAY]})
    assert entry_rules.without_contact(row(), context, LIMITS) == Found(5, {"days": 14})


@pytest.mark.parametrize(
    "values",
    [
        {"operation": "list"},
        {"operation": "search"},
        {"subject_ids": "[]"},
        {"subject_type": "company"},
        {"actor_id": None},
    ],
)
def test_r1_is_about_openings_by_a_user(values: dict[str, object]) -> None:
    assert entry_rules.without_contact(row(**values), NOTHING, LIMITS) is None


COMPANY_PAGE = "[5,6,7]"


def test_r1_a_company_s_page_is_an_opening_of_its_people() -> None:
    page = row(subject_ids=COMPANY_PAGE)
    found = entry_rules.without_contact(page, NOTHING, LIMITS)
    assert found == Found(None, {"days": 14, "people": 3})


def test_r1_a_contact_with_anybody_of_a_page_explains_the_page() -> None:
    context = Context(work={(7, 6): [TUESDAY]})
    assert entry_rules.without_contact(row(subject_ids=COMPANY_PAGE), context, LIMITS) is None


@pytest.mark.parametrize(("people", "erased"), [({5, 6, 7}, False), ({6, 7}, True), ({8}, True)])
def test_r1_accuses_nobody_of_what_went_with_an_erased_person(
    people: set[int], erased: bool
) -> None:
    page, context = row(subject_ids=COMPANY_PAGE), Context(people=people)
    found = entry_rules.without_contact(page, context, LIMITS)
    assert found is not None
    assert (found.facts == {"erased": 1}) is erased
    known = Context(people=people, work={(7, 6): [TUESDAY]})
    assert entry_rules.without_contact(page, known, LIMITS) is None


def test_r2_the_same_surname_is_the_user_s_own() -> None:
    context = Context(surnames={5: frozenset({7})})
    assert entry_rules.same_surname(row(), context, LIMITS) == Found(5)
    assert entry_rules.same_surname(row(actor_id=8), context, LIMITS) is None
    assert entry_rules.same_surname(row(operation="list"), context, LIMITS) is None


def test_r3_one_s_own_record_or_a_colleague_s() -> None:
    context = Context(namesakes={5: 7})
    assert entry_rules.own_or_colleague(row(), context, LIMITS) == Found(5, {"own": 1})
    assert entry_rules.own_or_colleague(row(actor_id=8), context, LIMITS) == Found(5, {"own": 0})
    assert entry_rules.own_or_colleague(row(subject_ids="[6]"), context, LIMITS) is None


@pytest.mark.parametrize(
    ("moment", "hit"),
    [
        ("2026-03-17 05:59", True),
        ("2026-03-17 06:00", False),
        ("2026-03-17 19:59", False),
        ("2026-03-17 20:00", True),
        ("2026-03-14 12:00", True),
        ("2026-04-03 12:00", True),
        ("2026-03-30 06:00", False),
    ],
)
def test_r4_counts_by_the_clock_in_finland(moment: str, hit: bool) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=clock.HELSINKI)
    assert bool(entry_rules.odd_time(row(at=at), NOTHING, LIMITS)) is hit


def test_r4_leaves_the_system_and_what_is_no_handling_alone() -> None:
    night = TUESDAY.replace(hour=2)
    assert entry_rules.odd_time(row(at=night, actor_id=None), NOTHING, LIMITS) is None
    assert entry_rules.odd_time(row(at=night, operation="sign_in"), NOTHING, LIMITS) is None


def test_r6_every_export() -> None:
    assert entry_rules.taken_out(row(operation="export"), NOTHING, LIMITS)
    assert not entry_rules.taken_out(row(), NOTHING, LIMITS)


def test_r8_restricted_people_and_long_former_ones() -> None:
    rule = entry_rules.restricted_or_former
    long_ago = Context(former={5: TUESDAY - timedelta(days=400)})
    lately = Context(former={5: TUESDAY - timedelta(days=300)})
    assert rule(row(), long_ago, LIMITS) == Found(5, {"months": 12})
    assert rule(row(), lately, LIMITS) is None
    assert rule(row(reason_id=3), NOTHING, LIMITS) == Found(5, {"restricted": 1})


def test_r9_a_new_user_has_no_usual_address() -> None:
    context = Context(sources={7: frozenset({"10.0.0.1"})})
    rule = entry_rules.new_source
    assert rule(row(source="10.0.0.2"), context, LIMITS)
    assert rule(row(), context, LIMITS) is None
    assert rule(row(source="10.0.0.2"), NOTHING, LIMITS) is None
    assert rule(row(source="anna@desk", channel="cli"), context, LIMITS) is None


@pytest.mark.parametrize(("days", "hit"), [(0, True), (13, True), (14, False), (-1, False)])
def test_r10_the_last_days_of_an_account(days: int, hit: bool) -> None:
    context = Context(leaving={7: TUESDAY + timedelta(days=days)})
    assert bool(entry_rules.before_leaving(row(), context, LIMITS)) is hit


def test_r13_a_purpose_that_nobody_knows() -> None:
    rule = entry_rules.no_purpose
    assert rule(row(purpose=""), NOTHING, LIMITS)
    assert rule(row(purpose="other"), NOTHING, LIMITS)
    assert rule(row(), NOTHING, LIMITS) is None
    assert rule(row(purpose="", operation="sign_out"), NOTHING, LIMITS) is None


def test_readings_of_the_log_but_for_the_review_s_own_and_one_s_own() -> None:
    read = {"operation": "log_read", "subject_type": "log", "subject_ids": "[]"}
    rule = entry_rules.log_read
    assert rule(row(**read, endpoint="log.index"), NOTHING, LIMITS)
    assert rule(row(**read, endpoint="log_review.show"), NOTHING, LIMITS) is None
    own = {**read, "subject_type": "user", "subject_ids": "[7]", "endpoint": "log.own"}
    assert rule(row(**own), NOTHING, LIMITS) is None
    assert rule(row(**{**own, "subject_ids": "[8]"}), NOTHING, LIMITS)


# --- rules of a day, of checks and of the log ---------------------------------------------


def day(*opened: int, searches: int = 0) -> Day:
    return Day(7, date(2026, 3, 17), [(one,) for one in opened], searches)


def browsed(*pages: tuple[int, ...]) -> Day:
    """A day with pages of several people."""
    return Day(7, date(2026, 3, 17), list(pages))


def test_r5_more_than_forty_and_than_three_times_the_usual() -> None:
    many = day(*range(0, 82, 2))
    assert day_rules.many_people(many, 1, LIMITS) == {"people": 41, "most": 40}
    assert day_rules.many_people(many, 14, LIMITS) is None
    assert day_rules.many_people(day(*[5] * 90), 1, LIMITS) is None, "one person often"


def test_r5_counts_everybody_on_a_page() -> None:
    companies = browsed(*[(number, number + 1) for number in range(0, 82, 2)])
    assert day_rules.many_people(companies, None, LIMITS) == {"people": 82, "most": 40}


def test_r5_the_usual_is_the_median_of_the_other_days() -> None:
    """Five of them are enough; the day itself is none of them."""
    on = date(2026, 3, 17)
    others = {on - timedelta(days=number): 10 + number for number in range(1, 6)}
    assert usual_but(on, others) == usual_but(on, {**others, on: 500}) == 13
    del others[on - timedelta(days=1)]
    assert usual_but(on, {**others, on: 500}) is None
    assert day_rules.many_people(day(*range(500)), None, LIMITS) == {"people": 500, "most": 40}


@given(numbers=st.lists(st.integers(0, 50), min_size=1, max_size=20), place=st.integers(0))
def test_the_usual_without_a_day_is_the_median_of_the_rest(numbers: list[int], place: int) -> None:
    place %= len(numbers)
    rest = numbers[:place] + numbers[place + 1 :]
    assert usual_without(sorted(numbers), numbers[place]) == usual(rest)


def test_r7_numbers_in_a_row() -> None:
    assert day_rules.by_number(day(9, 3, 4, 4, 5, 6, 7, 2), 1, LIMITS) == {"people": 5}
    assert day_rules.by_number(day(3, 4, 5, 6, 8, 9), 1, LIMITS) is None
    assert day_rules.by_number(day(3, 4, 3, 4, 3, 4), 1, LIMITS) is None
    assert day_rules.by_number(day(1, 3, 5, 7, 9, 11), 1, LIMITS) is None


def test_r7_downwards_as_well() -> None:
    assert day_rules.by_number(day(*range(50, 0, -1)), 1, LIMITS) == {"people": 50}
    assert day_rules.by_number(day(3, 4, 5, 4, 3), 1, LIMITS) is None, "there and back"


def test_r7_counts_pages_and_tells_their_people() -> None:
    one_page = browsed((1, 2, 3, 4, 5, 6))
    assert day_rules.by_number(one_page, 1, LIMITS) is None, "imported together"
    upwards = [(number, number + 1) for number in range(1, 11, 2)]
    assert day_rules.by_number(browsed(*upwards), 1, LIMITS) == {"people": 10}
    assert day_rules.by_number(browsed(*upwards[::-1]), 1, LIMITS) == {"people": 10}


def test_r12_searches_that_led_to_nobody() -> None:
    assert day_rules.only_searches(day(searches=15), 1, LIMITS) == {"searches": 15}
    assert day_rules.only_searches(day(searches=14), 1, LIMITS) is None
    assert day_rules.only_searches(day(5, searches=40), 1, LIMITS) is None


def test_r15_more_than_ten_people_confirmed_in_ten_minutes() -> None:
    every = [(TUESDAY + timedelta(seconds=50 * n), n) for n in range(11)]
    assert day_rules.confirmed_in_bulk(every, LIMITS) == [(TUESDAY, {"people": 11, "minutes": 10})]
    assert day_rules.confirmed_in_bulk(every[:10], LIMITS) == []
    slowly = [(TUESDAY + timedelta(minutes=2 * n), n) for n in range(40)]
    assert day_rules.confirmed_in_bulk(slowly, LIMITS) == []


def test_r15_several_fields_of_one_person_are_one_confirmation() -> None:
    calls = [(TUESDAY + timedelta(minutes=3 * n), n) for n in range(3) for _ in range(4)]
    assert day_rules.confirmed_in_bulk(calls, LIMITS) == []


def test_r15_tells_each_stretch_once() -> None:
    first = [(TUESDAY + timedelta(seconds=n), n) for n in range(30)]
    later = [(at + timedelta(hours=2), n) for at, n in first]
    found = day_rules.confirmed_in_bulk(first + later, LIMITS)
    assert [facts["people"] for _, facts in found] == [30, 30]


# --- a month ------------------------------------------------------------------------------


def month(*rows: Row, context: Context = NOTHING) -> Month:
    return Month(context, LIMITS, Draw("seed", 30, 3)).read(rows)


def rules(read: Month) -> dict[str, int]:
    """Rule to how many entries its hits are of."""
    return {hit.rule: hit.count for hit in read.found()}


def test_r14_entries_that_lack() -> None:
    read = month(row(1), row(2), row(5))
    assert read.gaps == 2
    (hit,) = [hit for hit in read.found() if hit.rule == "R14"]
    assert (hit.entry, hit.facts) == (5, {"entries": 2})
    assert month(row(4), row(5)).gaps == 0


def test_r14_at_the_turn_of_the_month() -> None:
    read = Month(NOTHING, LIMITS, Draw("seed", 30, 3), last=2).read([row(4)])
    assert read.gaps == 1
    assert Month(NOTHING, LIMITS, Draw("seed", 30, 3), last=3).read([row(4)]).gaps == 0


def test_r10_alone_is_asked_of_what_was_before_the_month() -> None:
    read = Month(Context(leaving={7: TUESDAY}), LIMITS, Draw("seed", 30, 3))
    read.before([row(1, purpose="", at=TUESDAY - timedelta(days=3))])
    assert (rules(read), read.draw.population, read.days) == ({"R10": 1}, 0, {})


def test_r12_whoever_opened_a_company_s_people_did_not_only_search() -> None:
    searches = [row(n, operation="search") for n in range(1, 16)]
    assert "R12" in rules(month(*searches))
    assert "R12" not in rules(month(*searches, row(16, subject_ids=COMPANY_PAGE)))


def test_the_same_page_again_is_one_thing_to_judge_and_another_page_another() -> None:
    read = month(*[row(n, subject_ids=ids) for n, ids in enumerate(("[5,6]", "[5,6]", "[7,8]"))])
    assert [(hit.rule, hit.contact, hit.count) for hit in read.found()] == [
        ("R1", None, 2),
        ("R1", None, 1),
    ]


def test_what_cannot_be_measured_is_one_line_for_a_user() -> None:
    looks = [row(n, subject_ids=f"[{n}]", at=TUESDAY + timedelta(days=n % 3)) for n in (1, 2, 3)]
    other = row(4, actor_id=8)
    read = month(*looks, other, context=Context(purposes=NOTHING.purposes, people={9}))
    assert [(hit.user, hit.count, hit.facts) for hit in read.found()] == [
        (7, 3, {"erased": 1}),
        (8, 1, {"erased": 1}),
    ]


def test_r11_needs_several_on_one_day() -> None:
    refused = [row(n, operation="denied", outcome="denied", subject_ids="[]") for n in range(1, 6)]
    assert rules(month(*refused)) == {"R11": 5}
    assert rules(month(*refused[:4])) == {}


def test_the_same_look_again_on_one_day_is_one_thing_to_judge() -> None:
    read = month(row(1), row(2), row(3, at=TUESDAY + timedelta(days=1)))
    assert [(hit.rule, hit.entry, hit.count) for hit in read.found()] == [
        ("R1", 1, 2),
        ("R1", 3, 1),
    ]


def test_an_export_in_batches_is_one_thing_to_judge() -> None:
    batches = [row(n, operation="export", request_id="one") for n in (1, 2, 3)]
    assert rules(month(*batches)) == {"R6": 3}


def test_only_users_looks_and_changes_are_the_population() -> None:
    read = month(
        row(1),
        row(2, actor_id=None),
        row(3, operation="log_read", subject_type="log", subject_ids="[]"),
        row(4, operation="update"),
    )
    assert read.draw.population == 2
    assert read.draw.drawn() == [1, 4]
