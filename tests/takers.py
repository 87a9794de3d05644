"""Simulated takers: answers to one form of a plain document, as the stored values.

Deterministic ones take a document and a form; random ones also take a seeded `random.Random`.
Answers come in presented order and leave nothing out except where a docstring says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

Json = dict[str, Any]
Answers = dict[str, int | str | None]

PERSON_SD = 0.55
"""Of people's true means, and of a person's true positions round their own mean."""

NOISE = 0.84
"""Of one answer; with a true SD of .55 two pairs of a dimension correlate .30 within a person."""


def always_pole(document: Json, form: str, pole: str) -> Answers:
    """Wants one pole as much as possible, and has done its practice but not the other's."""
    return _answers(
        document,
        form,
        pair=lambda _: -2 if pole == "a" else 2,
        rating=lambda item: 3 if item["side"] == pole else 1,
        scenario=lambda item: _best_option(item, pole),
    )


def same_screen_position(document: Json, form: str, position: int) -> Answers:
    """Clicks one place, 0 (left) to 4 (right), on every pair; middling ratings, first options."""
    return _answers(
        document,
        form,
        pair=lambda item: _value_at(item, position),
        rating=lambda _: 2,
        scenario=_first_option,
    )


def all_middle(document: Json, form: str) -> Answers:
    """The middle of every scale, and first options."""
    return same_screen_position(document, form, 2)


def random_taker(document: Json, form: str, rng: Random) -> Answers:
    """Every choice of every item equally likely."""
    return _answers(
        document,
        form,
        pair=lambda _: rng.randint(-2, 2),
        rating=lambda _: rng.randint(0, 4),
        scenario=lambda item: rng.choice(item["options"])["key"],
    )


@dataclass(frozen=True)
class Person:
    """What somebody's answers vary round: true positions by dimension, true practice by cell."""

    position: dict[str, float]
    practice: dict[tuple[str, str], float]

    def moved(self, position: float = 0.0, practice_b: float = 0.0) -> Person:
        """The same person later, every true position and the practice of side b shifted."""
        by_cell = {
            cell: true + practice_b * (cell[1] == "b") for cell, true in self.practice.items()
        }
        return Person({key: true + position for key, true in self.position.items()}, by_cell)


def new_person(document: Json, rng: Random) -> Person:
    """Somebody with a mean position, and in each dimension a true position round it.

    Likewise each side has a true level of practice, and each cell one round that.
    """
    keys = [dimension["key"] for dimension in document["dimensions"]]
    person = rng.gauss(0, PERSON_SD)
    position = {key: rng.gauss(person, PERSON_SD) for key in keys}
    level = {side: rng.gauss(2, 0.8) for side in ("a", "b")}
    practice = {(key, side): rng.gauss(level[side], PERSON_SD) for key in keys for side in level}
    return Person(position, practice)


def answers_of(
    document: Json, form: str, person: Person, rng: Random, noise: float = NOISE
) -> Answers:
    """One sitting: true positions and true practice, with new `noise` on every answer.

    A second call is a retest. In a scenario the person takes the best option more often the more
    practice they have.
    """

    def scenario(item: Json) -> str:
        sides = _sides(item)
        if rng.random() < chance_of_best(person, item):
            return _best_option(item, *sides)
        return str(rng.choice(item["options"])["key"])

    return _answers(
        document,
        form,
        pair=lambda item: _clipped(rng.gauss(person.position[item["dimension"]], noise), -2, 2),
        rating=lambda item: _clipped(
            rng.gauss(person.practice[item["dimension"], item["side"]], noise), 0, 4
        ),
        scenario=scenario,
    )


def chance_of_best(person: Person, scenario: Json) -> float:
    """How likely the person goes for the best option, rather than for any."""
    sides = _sides(scenario)
    skill = sum(person.practice[scenario["dimension"], side] for side in sides) / len(sides)
    return 0.3 + 0.15 * skill


def steady_taker(document: Json, form: str, rng: Random, noise: float = NOISE) -> Answers:
    """A new person, who answers once."""
    return answers_of(document, form, new_person(document, rng), rng, noise)


def both_ready(document: Json, form: str) -> Answers:
    """Has done the practice of both sides (not the highest rating); leans a little to b."""
    return _answers(
        document,
        form,
        pair=_slightly_b(document),
        rating=lambda _: 3,
        scenario=lambda item: _best_option(item, "a", "b"),
    )


def neither_yet(document: Json, form: str) -> Answers:
    """Knows of both sides' practice and has done none; leans a little to b."""
    return _answers(
        document,
        form,
        pair=_slightly_b(document),
        rating=lambda _: 1,
        scenario=lambda item: _best_option(item, "a", "b"),
    )


def worked(document: Json, form: str, example: Json) -> Answers:
    """The answers behind one entry of worked-examples.json; its scenarios stay unanswered.

    A preference becomes whole answers as alike as possible, the higher ones first: -0.5 over two
    pairs is 0 and -1. Raises ValueError where the form's pairs cannot have that mean.
    """
    profile = example["profile"]
    items = _items(document, form)
    waiting: dict[str, list[int]] = {}
    for key, scores in profile.items():
        pairs = sum(item["kind"] == "pair" and item["dimension"] == key for item in items)
        waiting[key] = _whole_values(Fraction(scores["preference"]), pairs)
    return _answers(
        document,
        form,
        pair=lambda item: waiting[item["dimension"]].pop(0),
        rating=lambda item: profile[item["dimension"]][f"readiness_{item['side']}"],
        scenario=lambda _: None,
    )


def _items(document: Json, form: str) -> list[Json]:
    chosen = next(entry for entry in document["forms"] if entry["key"] == form)
    item_of = {item["key"]: item for item in document["items"]}
    return [item_of[key] for section in chosen["sections"] for key in section["items"]]


def _answers(document: Json, form: str, **by_kind: Any) -> Answers:
    return {item["key"]: by_kind[item["kind"]](item) for item in _items(document, form)}


def _value_at(pair: Json, position: int) -> int:
    return position - 2 if pair["left"]["pole"] == "a" else 2 - position


def _first_option(scenario: Json) -> str:
    return str(scenario["options"][0]["key"])


def _sides(scenario: Json) -> tuple[str, ...]:
    return ("a", "b") if scenario["setting"] == "mixed" else (scenario["setting"],)


def _best_option(scenario: Json, *sides: str) -> str:
    """The option that fits those sides best, the first of equals."""
    best = max(scenario["options"], key=lambda option: sum(option[f"fit_{s}"] for s in sides))
    return str(best["key"])


def _clipped(value: float, lowest: int, highest: int) -> int:
    return max(lowest, min(highest, floor(value + 0.5)))


def _slightly_b(document: Json) -> Any:
    """+1 and 0 by turns of the dimensions."""
    order = [dimension["key"] for dimension in document["dimensions"]]
    return lambda item: (order.index(item["dimension"]) + 1) % 2


def _whole_values(average: Fraction, count: int) -> list[int]:
    total = average * count
    if total.denominator != 1:
        message = f"{count} pair(s) cannot have the mean {average}"
        raise ValueError(message)
    if not count:
        return []
    base, above = divmod(int(total), count)
    return [base + 1] * above + [base] * (count - above)
