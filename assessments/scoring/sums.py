"""What question analysis keeps of answers: sums of whole numbers, and no answer (measurement 9).

Whole numbers add up the same in any order, so merging sums and taking a person out again are
exact: what is left is what it would be had the person never been added.
"""

import math
import operator
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Any, NamedTuple, Self, TypeVar

from assessments.instrument.document import Value

KeyT = TypeVar("KeyT", str, int)


@dataclass(frozen=True, slots=True)
class ScaleSums:
    """Sums over the `n` people who answered all items of a scale.

    `s1` holds Σ x of each item, `s2` Σ x y of each two items: the upper triangle with its
    diagonal, row by row (for three items 00, 01, 02, 11, 12, 22).
    """

    n: int
    s1: tuple[int, ...]
    s2: tuple[int, ...]

    @classmethod
    def empty(cls, items: int) -> Self:
        """The sums of nobody, for a scale of so many items."""
        return cls(0, (0,) * items, (0,) * (items * (items + 1) // 2))

    @classmethod
    def of(cls, items: int, rows: Sequence[Sequence[int]]) -> Self:
        """The sums of many complete rows at once; much faster than adding one after another."""
        if not rows:
            return cls.empty(items)
        columns = tuple(zip(*rows, strict=True))
        if len(columns) != items:
            raise ValueError(f"A row has {len(columns)} values, the scale {items} items.")
        return cls(
            len(rows),
            tuple(map(sum, columns)),
            tuple(
                sum(map(operator.mul, one, other))
                for one, other in combinations_with_replacement(columns, 2)
            ),
        )

    def plus(self, row: Sequence[int]) -> Self:
        """With one more person."""
        return self.merged(self.of(len(self.s1), [row]))

    def minus(self, row: Sequence[int]) -> Self:
        """Without somebody who was added."""
        return self.without(self.of(len(self.s1), [row]))

    def merged(self, other: Self) -> Self:
        """The sums of both, who must be of the same scale."""
        self._check(other)
        return type(self)(
            self.n + other.n,
            tuple(map(operator.add, self.s1, other.s1)),
            tuple(map(operator.add, self.s2, other.s2)),
        )

    def without(self, other: Self) -> Self:
        """What is left after others were taken out; ValueError if they were never all in it."""
        self._check(other)
        left = type(self)(
            self.n - other.n,
            tuple(map(operator.sub, self.s1, other.s1)),
            tuple(map(operator.sub, self.s2, other.s2)),
        )
        if left.n < 0 or (left.n == 0 and left != self.empty(len(self.s1))):
            raise ValueError("More is taken out of these sums than was added.")
        return left

    def to_data(self) -> dict[str, Any]:
        """As plain numbers and lists, for JSON."""
        return {"n": self.n, "s1": list(self.s1), "s2": list(self.s2)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read back what `to_data` wrote."""
        return cls(data["n"], tuple(data["s1"]), tuple(data["s2"]))

    def _check(self, other: Self) -> None:
        if len(self.s1) != len(other.s1):
            raise ValueError(
                f"These are sums of {len(self.s1)} items and of {len(other.s1)}: two scales."
            )


class Showing(NamedTuple):
    """What one person did with one item that was shown: the stored value, None = unanswered.

    `is_last` holds for the last item that somebody saw who then stopped.
    """

    value: Value
    seconds: float | None = None
    is_last: bool = False


def seconds_bin(seconds: float) -> int:
    """0 under one second, else 1 + floor(log₂ seconds): 1 is from 1 s, 2 from 2 s, 3 from 4 s."""
    return int(seconds).bit_length()


@dataclass(frozen=True, slots=True)
class ItemSums:
    """Counts over the people whom an item was shown.

    `skipped`: left unanswered by somebody who went on; `last_seen`: by or after it, somebody
    stopped for good. `options` counts the answers by stored value as text ("-2" to "2", "0" to
    "4", an option's key), `total` and `squares` are Σ x and Σ x² of those that are numbers.
    `seconds` counts answers by `seconds_bin`.
    """

    shown: int = 0
    answered: int = 0
    skipped: int = 0
    last_seen: int = 0
    options: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
    squares: int = 0
    seconds: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, showings: Sequence[Showing]) -> Self:
        """The sums of many people at once; much faster than adding one after another."""
        options = Counter(showing.value for showing in showings)
        unanswered = options.pop(None, 0)
        numbers = {value: count for value, count in options.items() if isinstance(value, int)}
        last = [showing.value for showing in showings if showing.is_last]
        timed = [s.seconds for s in showings if s.seconds is not None and s.value is not None]
        return cls(
            shown=len(showings),
            answered=len(showings) - unanswered,
            skipped=unanswered - last.count(None),
            last_seen=len(last),
            options={str(value): count for value, count in options.items()},
            total=sum(value * count for value, count in numbers.items()),
            squares=sum(value * value * count for value, count in numbers.items()),
            seconds=Counter(map(seconds_bin, timed)),
        )

    @property
    def mean(self) -> float | None:
        """Of the answers, where these are numbers; None without an answer."""
        return self.total / self.answered if self.answered else None

    @property
    def sd(self) -> float | None:
        """Of the answers with n - 1, where these are numbers; None under two."""
        n = self.answered
        if n < 2:
            return None
        return math.sqrt((n * self.squares - self.total**2) / (n * (n - 1)))

    def plus(self, showing: Showing) -> Self:
        """With one more person."""
        return self.merged(self.of([showing]))

    def minus(self, showing: Showing) -> Self:
        """Without somebody who was added."""
        return self.without(self.of([showing]))

    def merged(self, other: Self) -> Self:
        """The sums of both, of the same item."""
        return self._combined(other, 1)

    def without(self, other: Self) -> Self:
        """What is left after others were taken out; ValueError if they were never all in it."""
        left = self._combined(other, -1)
        counts = (left.shown, left.answered, left.skipped, left.last_seen, left.squares)
        if min(*counts, *left.options.values(), *left.seconds.values()) < 0:
            raise ValueError("More is taken out of these sums than was added.")
        return left

    def to_data(self) -> dict[str, Any]:
        """As plain numbers and objects, for JSON."""
        return {
            "shown": self.shown,
            "answered": self.answered,
            "skipped": self.skipped,
            "last_seen": self.last_seen,
            "options": dict(self.options),
            "total": self.total,
            "squares": self.squares,
            "seconds": {str(key): count for key, count in self.seconds.items()},
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read back what `to_data` wrote."""
        seconds = {int(key): count for key, count in data["seconds"].items()}
        return cls(**{**data, "options": dict(data["options"]), "seconds": seconds})

    def _combined(self, other: Self, sign: int) -> Self:
        return type(self)(
            shown=self.shown + sign * other.shown,
            answered=self.answered + sign * other.answered,
            skipped=self.skipped + sign * other.skipped,
            last_seen=self.last_seen + sign * other.last_seen,
            options=_added(self.options, other.options, sign),
            total=self.total + sign * other.total,
            squares=self.squares + sign * other.squares,
            seconds=_added(self.seconds, other.seconds, sign),
        )


def _added(one: Mapping[KeyT, int], other: Mapping[KeyT, int], sign: int) -> dict[KeyT, int]:
    """Counts added up, in the order of their keys; without those that come to nought."""
    keys: Iterable[KeyT] = sorted({**one, **other})
    counts = {key: one.get(key, 0) + sign * other.get(key, 0) for key in keys}
    return {key: count for key, count in counts.items() if count}


def median_seconds(seconds: Mapping[int, int]) -> float | None:
    """The median of a histogram of seconds; None if it is empty.

    Inside the bin that holds the middle, answers are taken to lie evenly on the logarithmic
    scale (evenly in seconds in the first bin, which begins at 0).
    """
    half = sum(seconds.values()) / 2
    below = 0
    for key, count in sorted(seconds.items()):
        if below + count >= half > 0:
            share = (half - below) / count
            return share if key == 0 else 2.0 ** (key - 1 + share)
        below += count
    return None
