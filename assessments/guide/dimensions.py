"""A dimension in depth: what the document says of it, side by side, for its page in the guide."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assessments.instrument.document import (
    SIDES,
    Cluster,
    Dimension,
    GlossaryEntry,
    Pole,
    Poles,
    Questionnaire,
    Side,
)


@dataclass(frozen=True, slots=True)
class SideOfDimension:
    """One end: how work is there, and what a result says that leans to it."""

    side: Side
    pole: Pole
    work: str
    short: str
    leaning: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MistakePair:
    """A mistake and a better way; `pole` is None where both sides make it."""

    pole: Pole | None
    bad: str
    good: str


@dataclass(frozen=True, slots=True)
class DimensionPage:
    """A dimension's page; `before` and `after` are its neighbours in the document.

    `words` are those of the glossary that its texts use.
    """

    dimension: Dimension
    cluster: Cluster
    poles: Poles
    sides: tuple[SideOfDimension, ...]
    mistakes: tuple[MistakePair, ...]
    words: tuple[GlossaryEntry, ...]
    before: Dimension | None
    after: Dimension | None


def dimension_page(document: Questionnaire, key: str) -> DimensionPage:
    """The page of one of the document's dimensions."""
    dimension, order = document.dimension[key], list(document.dimensions)
    place = order.index(dimension)
    return DimensionPage(
        dimension=dimension,
        cluster=document.cluster[dimension.cluster],
        poles=document.poles,
        sides=tuple(_side(document, dimension, side) for side in SIDES),
        mistakes=tuple(
            MistakePair(document.poles[one.side] if one.side else None, one.bad, one.good)
            for one in dimension.mistakes
        ),
        words=_words_used(document, dimension),
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
    )


def _side(document: Questionnaire, dimension: Dimension, side: Side) -> SideOfDimension:
    is_a = side == "a"
    return SideOfDimension(
        side=side,
        pole=document.poles[side],
        work=dimension.pole_a if is_a else dimension.pole_b,
        short=dimension.short_a if is_a else dimension.short_b,
        leaning=dimension.texts.leans_a if is_a else dimension.texts.leans_b,
        questions=dimension.interview.a if is_a else dimension.interview.b,
    )


def _words_used(document: Questionnaire, dimension: Dimension) -> tuple[GlossaryEntry, ...]:
    # Every text of a dimension is on its page, and so are the names of the poles.
    said = " ".join(_texts(dimension.model_dump(exclude={"key", "cluster", "source_refs"})))
    said += f" {document.poles.a.name} {document.poles.b.name}"
    return tuple(
        entry
        for entry in document.glossary
        if re.search(rf"\b{re.escape(entry.term)}s?\b", said, re.IGNORECASE)
    )


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from _texts(list(part.values()))
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _texts(one)
