"""Which fields are asked about: pure decisions, tried with anything."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wesentra.crm.interactions.prompts import MOST, NOTICE, ORDER, decide

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 10, tzinfo=UTC)
FULL = dict.fromkeys(ORDER, "something")


def days_ago(days: int) -> datetime:
    """Noon in Helsinki, so many days before TODAY."""
    return NOON - timedelta(days=days)


def fields(**options: object) -> list[str]:
    """The fields asked about, for somebody with a value everywhere who was told already."""
    given_ = {"values": FULL, "checked": {}, "was_told": True, "today": TODAY, "prompt_days": 90}
    return [prompt.field for prompt in decide(**{**given_, **options})]  # type: ignore[arg-type]


def test_nothing_is_asked_when_all_was_checked_in_the_last_ninety_days() -> None:
    assert fields(checked=dict.fromkeys(ORDER, days_ago(89))) == []


def test_after_ninety_days_it_is_asked_again() -> None:
    assert fields(checked=dict.fromkeys(ORDER, days_ago(90))) == list(ORDER[:MOST])


def test_the_stalest_stands_first_and_what_was_never_checked_before_it() -> None:
    checked = {"phone": days_ago(100), "email": days_ago(400), "title": days_ago(200)}
    assert fields(checked=checked, values={**FULL, "company": "", "name": ""}) == [
        "note",
        "email",
        "title",
        "phone",
    ]


def test_what_somebody_just_typed_is_as_fresh_as_a_check() -> None:
    checked = {"phone": days_ago(400), "email": days_ago(300), "title": days_ago(200)}
    values = dict.fromkeys(("phone", "email", "title"), "x")
    changed = {"phone": days_ago(0), "email": days_ago(100), "title": days_ago(500)}
    assert fields(values=values, checked=checked, changed=changed) == ["title", "email"]
    prompts = decide(values, {}, True, TODAY, 90, changed)
    assert all(prompt.checked_at is None for prompt in prompts)


def test_an_empty_field_is_not_asked_about() -> None:
    assert fields(values={"phone": "", "email": "a@example.fi"}) == ["email"]


def test_somebody_who_was_never_told_is_told_first_and_the_whole_stays_at_four() -> None:
    asked = fields(was_told=False)
    assert asked[0] == NOTICE
    assert len(asked) == MOST


def test_somebody_never_told_is_told_even_when_all_was_checked() -> None:
    assert fields(was_told=False, checked=dict.fromkeys(ORDER, days_ago(1))) == [NOTICE]


@given(
    values=st.dictionaries(st.sampled_from(ORDER), st.sampled_from(["", "x"])),
    ages=st.dictionaries(st.sampled_from(ORDER), st.integers(0, 2000)),
    was_told=st.booleans(),
    prompt_days=st.integers(1, 1000),
)
def test_whatever_is_known_the_order_and_the_limit_hold(
    values: dict[str, str], ages: dict[str, int], was_told: bool, prompt_days: int
) -> None:
    checked = {field: days_ago(days) for field, days in ages.items()}
    prompts = decide(values, checked, was_told, TODAY, prompt_days)
    asked = [prompt for prompt in prompts if prompt.field != NOTICE]
    assert len(prompts) <= MOST
    assert (prompts[:1] and prompts[0].field == NOTICE) == (not was_told) or was_told
    assert all(values[prompt.field] for prompt in asked)
    stamps = [p.checked_at.timestamp() if p.checked_at else 0.0 for p in asked]
    assert stamps == sorted(stamps)
    left_out = set(ORDER) - {prompt.field for prompt in asked}
    fresh = {f for f in left_out if not values.get(f) or ages.get(f, 10**6) < prompt_days}
    assert left_out == fresh or len(prompts) == MOST
