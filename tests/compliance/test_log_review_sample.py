"""The random sample: by its seed anybody draws the same again, and every user is in it."""

from collections import Counter
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from wesentra.compliance.log_review.sampling import draw

USERS = st.lists(st.integers(1, 6), max_size=300)


def population(users: list[int]) -> list[tuple[int, int]]:
    """One entry a user, numbered from 1."""
    return [(user, number) for number, user in enumerate(users, 1)]


def by_hand(seed: str, whole: list[tuple[int, int]], size: int, each: int) -> list[int]:
    """The same draw as the page describes it, done the long way."""
    ranked = sorted(whole, key=lambda one: sha256(f"{seed}:{one[1]}".encode()).digest())
    taken, rest, counted = [], [], Counter[int]()
    for user, number in ranked:
        counted[user] += 1
        (taken if counted[user] <= each else rest).append(number)
    return sorted(taken + rest[: max(size - len(taken), 0)])


@given(USERS, st.text("0123456789abcdef", min_size=1, max_size=8))
def test_the_draw_is_the_one_that_is_described(users: list[int], seed: str) -> None:
    whole = population(users)
    assert draw(seed, whole, 30, 3) == by_hand(seed, whole, 30, 3)


@given(USERS)
def test_everybody_is_in_it_as_often_as_promised(users: list[int]) -> None:
    whole = population(users)
    taken = Counter(users[number - 1] for number in draw("a", whole, 30, 3))
    had = Counter(users)
    assert all(taken[user] >= min(3, had[user]) for user in had)
    assert sum(taken.values()) == min(30, len(users))


def test_another_seed_is_another_sample() -> None:
    whole = population([1 + number % 5 for number in range(2000)])
    samples = {tuple(draw(str(seed), whole, 30, 3)) for seed in range(20)}
    assert len(samples) == 20


def test_the_draw_prefers_no_part_of_the_month() -> None:
    whole = population([1] * 1000)
    drawn = [number for seed in range(100) for number in draw(str(seed), whole, 30, 3)]
    first_half = sum(number <= 500 for number in drawn)
    assert 1350 < first_half < 1650, "of 3000; five standard deviations are 137"
