"""The random sample: anybody who knows the seed draws the same entries again. Pure.

Every entry has a rank, SHA-256 of `seed:number`. Of each user the entries of the lowest ranks are
taken (`each` of them), then those of the lowest ranks of all the rest, until there are `size`.
"""

import heapq
from collections.abc import Iterable
from hashlib import sha256


def rank(seed: str, number: int) -> bytes:
    """The place of an entry in the draw."""
    return sha256(f"{seed}:{number}".encode()).digest()


class Draw:
    """A draw in progress: it is told of each entry once, and keeps `size` of each user."""

    def __init__(self, seed: str, size: int, each: int) -> None:
        self.seed, self.size, self.each = seed, size, each
        self.population = 0
        self._lowest: dict[int, list[tuple[int, int]]] = {}

    def offer(self, user: int, number: int) -> None:
        """One entry of the population."""
        self.population += 1
        kept = self._lowest.setdefault(user, [])
        place = -int.from_bytes(rank(self.seed, number))  # the heap gives out its least
        if len(kept) < max(self.size, self.each):
            heapq.heappush(kept, (place, number))
        elif place > kept[0][0]:
            heapq.heapreplace(kept, (place, number))

    def drawn(self) -> list[int]:
        """The numbers of the sample, in order."""
        taken: list[int] = []
        rest: list[tuple[int, int]] = []
        for kept in self._lowest.values():
            ordered = sorted(kept, reverse=True)
            taken += [number for _, number in ordered[: self.each]]
            rest += ordered[self.each :]
        lacking = max(self.size - len(taken), 0)
        taken += [number for _, number in sorted(rest, reverse=True)[:lacking]]
        return sorted(taken)


def draw(seed: str, population: Iterable[tuple[int, int]], size: int, each: int) -> list[int]:
    """The sample of a population of (user, number of entry), ordered by number."""
    drawing = Draw(seed, size, each)
    for user, number in population:
        drawing.offer(user, number)
    return drawing.drawn()
