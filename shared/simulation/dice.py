"""Reproducible chance: built on `Random.random()` alone, the only draw Python promises never to change."""

import random
from collections.abc import MutableSequence, Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A seeded stream of choices. The same seed and stream name give the same choices on every machine."""

    __slots__ = ("_random",)

    def __init__(self, seed: int, stream: str) -> None:
        number = int.from_bytes(f"{seed}/{stream}".encode())
        self._random = random.Random(number).random  # noqa: S311  simulated data needs repeatability, not secrecy

    def below(self, bound: int) -> int:
        """Return an integer from 0 to bound − 1."""
        return int(self._random() * bound)

    def between(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        return low + int(self._random() * (high - low + 1))

    def one_in(self, count: int) -> bool:
        """Return true in one of `count` cases."""
        return self._random() * count < 1

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options, each equally likely."""
        return options[int(self._random() * len(options))]

    def shuffle(self, items: MutableSequence[T]) -> None:
        """Put the items into a chance order, in place (Fisher–Yates)."""
        for last in range(len(items) - 1, 0, -1):
            other = int(self._random() * (last + 1))
            items[last], items[other] = items[other], items[last]
