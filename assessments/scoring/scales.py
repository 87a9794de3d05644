"""Which items belong together: the scales that question analysis looks at (measurement 9)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assessments.instrument.document import (
    PAIR_MAX,
    PAIR_MIN,
    RATING_MAX,
    RATING_MIN,
    SIDES,
    Form,
    Pair,
    Questionnaire,
    Rating,
    Side,
    Value,
)

ScaleKind = Literal[
    "pairs", "pairs_of_cluster", "pairs_of_dimension", "ratings", "ratings_of_cluster"
]
LONG_KINDS: tuple[ScaleKind, ...] = ("pairs", "ratings")


@dataclass(frozen=True, slots=True)
class Scale:
    """Two or more items of a form that measure one thing, keyed alike.

    `key` names it within any form and edition, such as `pairs`, `pairs:dimension:metrics` or
    `ratings:a:cluster:customers`. `side`, `cluster` and `dimension` are set where they limit it.
    `items` are in the order presented.
    """

    key: str
    kind: ScaleKind
    items: tuple[str, ...]
    side: Side | None = None
    cluster: str | None = None
    dimension: str | None = None

    @property
    def is_long(self) -> bool:
        """Whether it holds all pairs, or all ratings of a side: what flags rest on."""
        return self.kind in LONG_KINDS

    @property
    def low(self) -> int:
        """The lowest value of one of its items."""
        return RATING_MIN if self.side else PAIR_MIN

    @property
    def high(self) -> int:
        """The highest value of one of its items."""
        return RATING_MAX if self.side else PAIR_MAX

    def row(self, answers: Mapping[str, Value]) -> tuple[int, ...] | None:
        """The answers to its items as numbers; None unless all were answered."""
        found = tuple(answers.get(key) for key in self.items)
        row = tuple(value for value in found if isinstance(value, int))
        return row if len(row) == len(found) else None


def scales_of(document: Questionnaire, form: Form) -> tuple[Scale, ...]:
    """The scales of a form with at least two items; the long ones first."""
    return tuple(scale for scale in _all_scales(document, form) if len(scale.items) >= 2)


def _all_scales(document: Questionnaire, form: Form) -> Iterator[Scale]:
    items = tuple(document.items_of(form))
    pairs = [item for item in items if item.kind == "pair"]
    ratings = {side: [i for i in items if i.kind == "rating" and i.side == side] for side in SIDES}
    cluster_of = {key: dimension.cluster for key, dimension in document.dimension.items()}

    def in_cluster(found: Sequence[Pair | Rating], cluster: str) -> tuple[str, ...]:
        return _keys([item for item in found if cluster_of[item.dimension] == cluster])

    yield Scale("pairs", "pairs", _keys(pairs))
    for side in SIDES:
        yield Scale(f"ratings:{side}", "ratings", _keys(ratings[side]), side=side)
    for cluster in document.cluster:
        yield Scale(
            f"pairs:cluster:{cluster}",
            "pairs_of_cluster",
            in_cluster(pairs, cluster),
            cluster=cluster,
        )
        for side in SIDES:
            yield Scale(
                f"ratings:{side}:cluster:{cluster}",
                "ratings_of_cluster",
                in_cluster(ratings[side], cluster),
                side=side,
                cluster=cluster,
            )
    for dimension in document.dimension:
        yield Scale(
            f"pairs:dimension:{dimension}",
            "pairs_of_dimension",
            _keys([pair for pair in pairs if pair.dimension == dimension]),
            dimension=dimension,
        )


def _keys(items: Sequence[Pair | Rating]) -> tuple[str, ...]:
    return tuple(item.key for item in items)
