"""People who take the questionnaire: what they answer, as answer sheets."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from assessments.instrument.document import Item, Questionnaire, Value
from assessments.scoring import AnswerSheet

STYLES = ("random", "steady", "one position", "yes-sayer", "middle")
PAIRS_AT = {
    -2: (-2, -2),
    -1.5: (-2, -1),
    -1: (-1, -1),
    -0.5: (0, -1),
    0: (0, 0),
    0.5: (0, 1),
    1: (1, 1),
    1.5: (2, 1),
    2: (2, 2),
}
"""Two pairs that come to a preference, as alike as they can be."""


def sheet(
    document: Questionnaire,
    *,
    form: str = "full",
    pairs: Value = None,
    ratings: Value = None,
    scenarios: Value = None,
    **but: Value,
) -> AnswerSheet:
    """One value for all pairs, one for all ratings, one for all scenarios, `but` for some."""
    values = {"pair": pairs, "rating": ratings, "scenario": scenarios}
    items = document.items_of(document.form[form])
    answers = {item.key: values[item.kind] for item in items}
    return AnswerSheet(form, {**answers, **but})


def with_answers(given: AnswerSheet, answers: Mapping[str, Value]) -> AnswerSheet:
    """The sheet with some of its answers changed."""
    return replace(given, answers={**given.answers, **answers})


def without(given: AnswerSheet, keys: Iterable[str]) -> AnswerSheet:
    """The sheet with some of its answers, and their seconds, taken away."""
    gone = set(keys)
    return AnswerSheet(
        given.form,
        {key: value for key, value in given.answers.items() if key not in gone},
        {key: seconds for key, seconds in given.seconds.items() if key not in gone},
    )


def with_profile(
    document: Questionnaire, profile: Mapping[str, Mapping[str, float]]
) -> AnswerSheet:
    """Preference and readiness by dimension; no scenario answered."""
    answers: dict[str, Value] = {}
    for dimension, scores in profile.items():
        pairs = [i.key for i in document.items if i.kind == "pair" and i.dimension == dimension]
        answers.update(zip(pairs, PAIRS_AT[scores["preference"]], strict=True))
        for item in document.items:
            if item.kind == "rating" and item.dimension == dimension:
                answers[item.key] = int(scores[f"readiness_{item.side}"])
    return AnswerSheet("full", answers)


def clicking(document: Questionnaire, choice: str, *, form: str = "full") -> AnswerSheet:
    """Everybody's shortest way out: the same screen position on every pair."""
    answers: dict[str, Value] = {
        item.key: item.value_of(choice) if item.kind == "pair" else None
        for item in document.items_of(document.form[form])
    }
    return AnswerSheet(form, answers)


def taken_by(
    style: str,
    document: Questionnaire,
    form: str,
    random: Random,
    *,
    skips: float = 0.0,
    pace: float | None = None,
) -> AnswerSheet:
    """Somebody of a style, by a source of chance.

    `skips` is the share of items left out; `pace` the mean seconds of an answer, None untimed.
    """
    leaning = {key: random.uniform(-2, 2) for key in document.dimension}
    answers: dict[str, Value] = {}
    seconds: dict[str, float] = {}
    for item in document.items_of(document.form[form]):
        if random.random() < skips:
            continue
        answers[item.key] = _answer(style, item, leaning[item.dimension], random)
        if pace is not None and random.random() < 0.9:
            seconds[item.key] = pace * random.uniform(0.5, 1.5)
    return AnswerSheet(form, answers, seconds)


def _answer(style: str, item: Item, leaning: float, random: Random) -> Value:
    if item.kind == "scenario":
        return random.choice(item.options).key
    if item.kind == "rating":
        return random.choice((4, 4, 4, 4, 3)) if style == "yes-sayer" else random.randint(0, 4)
    match style:
        case "steady":
            return max(-2, min(2, round(leaning + random.gauss(0, 0.84))))
        case "one position":
            return item.value_of(random.choice("5555554"))
        case "middle":
            return random.choice((0, 0, 0, 0, 1, -1))
        case _:
            return random.randint(-2, 2)


@st.composite
def sheets(draw: st.DrawFn, document: Questionnaire, form: str = "full") -> AnswerSheet:
    """Answer sheets of all styles."""
    # One seed for the whole sheet: a draw for every answer is too slow on a busy machine.
    random = Random(draw(st.integers(0, 2**32)))
    return taken_by(
        draw(st.sampled_from(STYLES)),
        document,
        form,
        random,
        skips=draw(st.sampled_from((0.0, 0.05, 0.15, 0.6))),
        pace=draw(st.sampled_from((None, 1.5, 2.5, 8.0))),
    )


@st.composite
def any_answers(draw: st.DrawFn, document: Questionnaire, form: str = "full") -> AnswerSheet:
    """Answer sheets without a style, which shrink well: any answer to any item, or none."""
    possible: dict[str, Any] = {
        item.key: st.sampled_from(_possible(item))
        for item in document.items_of(document.form[form])
    }
    return AnswerSheet(form, draw(st.fixed_dictionaries({}, optional=possible)))


def _possible(item: Item) -> list[Value]:
    if item.kind == "scenario":
        return [None, *(option.key for option in item.options)]
    return [None, *(range(-2, 3) if item.kind == "pair" else range(5))]
