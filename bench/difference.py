"""Whether two samples of times differ: two tests, and how small a difference they would have seen.

Nothing is assumed of how the times are distributed.
"""

from collections import Counter
from dataclasses import dataclass
from math import erfc, sqrt
from random import Random
from statistics import median

PERMUTATIONS = 2_000
SURE = 0.01


@dataclass(frozen=True)
class Difference:
    """`later`: how often one of the first sample is larger than one of the second (0.5: equal)."""

    medians: tuple[float, float]
    later: float
    mann_whitney: float
    """The p-value of the Mann-Whitney U test, by its normal approximation."""
    distance: float
    """Kolmogorov-Smirnov: the largest distance of the two distributions."""
    kolmogorov: float
    """Its p-value, by permutations."""


def between(first: list[float], second: list[float], seed: int = 1) -> Difference:
    """How two samples differ."""
    later, p_value = mann_whitney(first, second)
    distance, chance = kolmogorov_smirnov(first, second, Random(seed))
    medians = (median(first), median(second))
    return Difference(medians, later, p_value, distance, chance)


def mann_whitney(first: list[float], second: list[float]) -> tuple[float, float]:
    """The share of pairs in which the first is larger, and the two-sided p-value."""
    n, m = len(first), len(second)
    rank = _ranks([*first, *second])
    larger = sum(rank[value] for value in first) - n * (n + 1) / 2
    same = sum(count**3 - count for count in Counter([*first, *second]).values())
    deviation = sqrt(n * m / 12 * (n + m + 1 - same / ((n + m) * (n + m - 1))))
    away = max(0.0, abs(larger - n * m / 2) - 0.5) / deviation if deviation else 0.0
    return larger / (n * m), erfc(away / sqrt(2))


def _ranks(values: list[float]) -> dict[float, float]:
    """The rank of each value from 1; equal ones share the middle of theirs."""
    ranks: dict[float, float] = {}
    passed = 0
    for value, count in sorted(Counter(values).items()):
        ranks[value] = passed + (count + 1) / 2
        passed += count
    return ranks


def kolmogorov_smirnov(
    first: list[float], second: list[float], dice: Random
) -> tuple[float, float]:
    """The distance of the two distributions, and how often chance makes one as large."""
    marked = sorted([(value, True) for value in first] + [(value, False) for value in second])
    values, marks = [value for value, _ in marked], [mark for _, mark in marked]
    found = _distance(values, marks, len(first))
    as_large = 0
    for _ in range(PERMUTATIONS):
        dice.shuffle(marks)
        as_large += _distance(values, marks, len(first)) >= found
    return found, (as_large + 1) / (PERMUTATIONS + 1)


def _distance(values: list[float], marks: list[bool], count: int) -> float:
    step, back = 1 / count, 1 / (len(marks) - count)
    apart = largest = 0.0
    for place, mark in enumerate(marks):
        apart += step if mark else -back
        ends = place + 1 == len(values) or values[place + 1] != values[place]
        if ends and abs(apart) > largest:
            largest = abs(apart)
    return largest


def least_found(first: list[float], second: list[float]) -> float:
    """By how much all of the second would have to be later for Mann-Whitney to be sure of it.

    Both should be of the same kind; what they differ by chance is taken away first.
    """
    off = median(first) - median(second)
    low, high = 0.0, 10 * (max(first) - min(first)) + 1e-9
    for _ in range(40):
        middle = (low + high) / 2
        if mann_whitney(first, [value + off + middle for value in second])[1] < SURE:
            high = middle
        else:
            low = middle
    return high
