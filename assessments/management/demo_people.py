"""Invented people: what each shows, and how they answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assessments.instrument.document import SIDES, Item, Questionnaire, Side
from assessments.reports.example import example_sheet

Answers = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Persona:
    """An invented person: what they show, how they answer, and whether they finished."""

    name: str
    form: str
    answers: Callable[[Questionnaire, list[Item]], Answers]
    share: float = 1.0
    finishes: bool = True


def _as_example(document: Questionnaire, items: list[Item]) -> Answers:
    sheet = example_sheet(document)
    given = sheet.answers if sheet else {}
    found = {item.key: given.get(item.key) for item in items}
    return {key: value for key, value in found.items() if value is not None}


def _steady(
    preference: Callable[[int], float], ready_a: int, ready_b: int
) -> Callable[[Questionnaire, list[Item]], Answers]:
    """Answers with a preference per dimension (by its place) and one readiness per side."""
    ready: dict[Side, int] = {"a": ready_a, "b": ready_b}

    def answers(document: Questionnaire, items: list[Item]) -> Answers:
        place = {key: number for number, key in enumerate(document.dimension)}
        given: Answers = {}
        pairs_seen: set[str] = set()
        for item in items:
            if item.kind == "pair":
                # Half steps come out as one pair rounded up and one rounded down.
                value = preference(place[item.dimension])
                up = item.dimension in pairs_seen
                given[item.key] = int(value + 0.5) if up else -int(-value + 0.5)
                pairs_seen.add(item.dimension)
            elif item.kind == "rating":
                given[item.key] = ready[item.side]
            else:
                fitting = max(item.options, key=lambda option: _fit(item.sides, option))
                given[item.key] = fitting.key
        return given

    return answers


def _fit(sides: tuple[Side, ...], option: Any) -> int:
    return sum(option.fit(side) for side in sides if side in SIDES)


def _same_position(document: Questionnaire, items: list[Item]) -> Answers:
    """The second place from the left, whatever stands there."""
    return {
        item.key: item.value_of("2") if item.kind == "pair" else
        1 if item.kind == "rating" else item.options[1].key
        for item in items
    }  # fmt: skip


PERSONAS = (
    Persona("leans one way, has practised the other", "full", _as_example),
    Persona("leans strongly to the first side", "full", _steady(lambda n: -1.5, 4, 1)),
    Persona("mixed", "full", _steady(lambda n: 1.5 if n % 2 else -1.5, 3, 2)),
    Persona("at home on both sides, ready for both", "full",
            _steady(lambda n: 0.5 if n % 2 else -0.5, 3, 3)),
    Persona("too close to call", "full", _steady(
        lambda n: {0: 1.5, 4: 0.0}.get(n, 0.5 if n % 2 else -0.5), 2, 2)),
    Persona("neither yet", "full", _steady(lambda n: 1.5 if n < 9 else 0, 1, 1)),
    Persona("flat: nothing separates the roles", "full", _steady(lambda n: 0, 3, 1)),
    Persona("answers that cannot be read", "full", _same_position),
    Persona("short form", "short", _steady(lambda n: 1.5 if n % 4 else 0, 2, 3)),
    Persona("in the middle of it", "full", _as_example, share=0.5, finishes=False),
)  # fmt: skip
BY_NAME = {persona.name: persona for persona in PERSONAS}
