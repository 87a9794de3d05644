"""Answers of nobody, to see what results a desk would give: one sheet for each sort of taker."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Protocol

from django.utils.translation import gettext_lazy

from assessments.instrument.document import (
    RATING_MAX,
    Form,
    Item,
    Pair,
    Questionnaire,
    Rating,
    Scenario,
    Side,
    Value,
)

SEED_MAX = 999_999


class Sample(Protocol):
    """Answers an item, the `number`th of its kind on the form, counted from 0."""

    def __call__(self, item: Item, number: int, rng: Random) -> Value: ...


def _left(item: Item, number: int, rng: Random) -> Value:
    if isinstance(item, Pair):
        return item.value_of("1")
    return 0 if isinstance(item, Rating) else item.options[0].key


def _middle(item: Item, number: int, rng: Random) -> Value:
    if isinstance(item, Pair):
        return 0
    return RATING_MAX // 2 if isinstance(item, Rating) else item.options[0].key


def _always(side: Side) -> Sample:
    def answer(item: Item, number: int, rng: Random) -> Value:
        if isinstance(item, Pair):
            return _towards(side, 2)
        if isinstance(item, Rating):
            return RATING_MAX - 1 if item.side == side else 1
        return _best(item, side)

    return answer


def _leans(side: Side) -> Sample:
    def answer(item: Item, number: int, rng: Random) -> Value:
        # Mostly one step towards the side, now and then two or none, as people do.
        if isinstance(item, Pair):
            return _towards(side, (1, 1, 2, 1, 0)[number % 5])
        if isinstance(item, Rating):
            return 3 if item.side == side else (1, 2)[number % 2]
        return _best(item, side)

    return answer


def _random(item: Item, number: int, rng: Random) -> Value:
    if isinstance(item, Pair):
        return rng.randint(-2, 2)
    return rng.randint(0, RATING_MAX) if isinstance(item, Rating) else rng.choice(item.options).key


def _neither_yet(item: Item, number: int, rng: Random) -> Value:
    if isinstance(item, Pair):
        return (1, 0, -1, 1)[number % 4]
    if isinstance(item, Rating):
        return (1, 0, 1)[number % 3]
    return min(item.options, key=lambda option: option.fit_a + option.fit_b).key


def _towards(side: Side, steps: int) -> int:
    return -steps if side == "a" else steps


def _best(scenario: Scenario, side: Side) -> str:
    return max(scenario.options, key=lambda option: option.fit(side)).key


SAMPLES: Mapping[str, tuple[object, Sample]] = {
    "left": (gettext_lazy("always the left, the lowest or the first answer"), _left),
    "pole-a": (gettext_lazy("always %(a)s, and ready for it"), _always("a")),
    "pole-b": (gettext_lazy("always %(b)s, and ready for it"), _always("b")),
    "middle": (gettext_lazy("the middle everywhere"), _middle),
    "lean-a": (gettext_lazy("a steady lean to %(a)s"), _leans("a")),
    "lean-b": (gettext_lazy("a steady lean to %(b)s"), _leans("b")),
    "neither-yet": (gettext_lazy("ready for neither yet"), _neither_yet),
    "random": (gettext_lazy("at random, from the seed"), _random),
}


def sample_words(document: Questionnaire, name: str) -> str:
    """What a sample is called."""
    return str(SAMPLES[name][0]) % {"a": document.poles.a.name, "b": document.poles.b.name}


def sample_answers(
    document: Questionnaire, form: Form, name: str, *, seed: int
) -> dict[str, Value]:
    """A sample's answers to every item of the form; the same for the same seed."""
    answer: Callable[[Item, int, Random], Value] = SAMPLES[name][1]
    rng = Random(seed)  # noqa: S311 - invented answers: the same each time, no secret
    counts = dict.fromkeys(("pair", "rating", "scenario"), 0)
    answers = {}
    for item in document.items_of(form):
        answers[item.key] = answer(item, counts[item.kind], rng)
        counts[item.kind] += 1
    return answers
