"""The test of times finds a difference that is there, and none where there is none."""

from random import Random
from statistics import fmean

import pytest

from bench import difference


def times(seed: int, count: int = 500, more: float = 0.0) -> list[float]:
    """Times as a busy machine has them: mostly alike, some very long."""
    dice = Random(seed)  # noqa: S311 - a sample, not a secret
    return [80 + dice.gauss(0, 2) + dice.expovariate(0.5) + more for _ in range(count)]


def test_the_same_times_show_no_difference() -> None:
    found = difference.between(times(1), times(2))
    assert found.mann_whitney > difference.SURE
    assert found.kolmogorov > difference.SURE
    assert found.later == pytest.approx(0.5, abs=0.1)


def test_a_millisecond_of_eighty_is_found() -> None:
    found = difference.between(times(1), times(2, more=1.0))
    assert found.mann_whitney < difference.SURE
    assert found.kolmogorov < difference.SURE
    assert found.later < 0.45


def test_times_that_spread_otherwise_around_the_same_middle_are_found() -> None:
    dice = Random(3)  # noqa: S311 - a sample, not a secret
    narrow, wide = ([dice.gauss(80, width) for _ in range(500)] for width in (1, 3))
    found = difference.between(narrow, wide)
    assert found.kolmogorov < difference.SURE


def test_of_many_comparisons_of_the_same_few_are_sure_by_chance() -> None:
    samples = (difference.mann_whitney(times(n, 100), times(n + 1000, 100)) for n in range(300))
    sure = [p < difference.SURE for _, p in samples]
    assert fmean(sure) < 0.04


def test_equal_values_are_no_difference() -> None:
    assert difference.mann_whitney([1.0] * 9, [1.0] * 9) == (0.5, 1.0)


def test_the_least_difference_that_is_found_is_found() -> None:
    first, second = times(1), times(2)
    least = difference.least_found(first, second)
    assert 0.1 < least < 1.5
    assert difference.mann_whitney(times(1), times(2, more=3 * least))[1] < difference.SURE
