"""Which items an editor should look at, and why (measurement 9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Literal

from assessments.instrument.document import (
    PAIR_MAX,
    PAIR_MIN,
    RATING_MAX,
    RATING_MIN,
    Form,
    Item,
    Questionnaire,
)
from assessments.scoring.item_analysis import MIN_PEOPLE, ScaleStatistics
from assessments.scoring.scales import scales_of
from assessments.scoring.sums import ItemSums

HARDLY_RELATES_UNDER = 0.15  # item-rest r; under 0 it runs against its scale
ONE_OPTION_OVER = 0.80  # of the answers
MIDDLE_OVER = 0.50  # of the answers to a pair
PAIR_MIDDLE = "0"
RARE_OPTION_UNDER = 0.02  # of the answers
SKIPPED_OVER = 0.10  # of those whom it was shown
DROP_OUT_TIMES = 2  # the median of the form's items
DROP_OUT_MIN_PEOPLE = 5  # who stopped there; fewer say nothing where hardly anybody stops
BETTER_WITHOUT_BY = 0.01  # alpha

ItemFlagCode = Literal[
    "runs_against",
    "hardly_relates",
    "one_option",
    "middle",
    "skipped",
    "drop_out",
    "better_without",
    "rare_option",
]
WORST_FIRST: tuple[ItemFlagCode, ...] = (
    "runs_against",
    "hardly_relates",
    "one_option",
    "middle",
    "skipped",
    "drop_out",
    "better_without",
    "rare_option",
)


Numbers = Mapping[str, float | int | str]


@dataclass(frozen=True, slots=True)
class ItemFlag:
    """A reason to look at an item, with the `numbers` that its sentence needs.

    `n` is always among them, the people that it rests on. Besides: `r` for `runs_against` and
    `hardly_relates`; `option` and `share` for `one_option` and `rare_option`; `share` for
    `middle` and `skipped`; `share` and `median` for `drop_out`; `alpha` and `without` for
    `better_without`. Shares are 0 to 1. `badness` orders flags of one code, the worst highest.
    """

    item: str
    code: ItemFlagCode
    badness: float
    numbers: Numbers


def item_flags(
    document: Questionnaire,
    form: Form,
    statistics: Mapping[str, ScaleStatistics],
    sums: Mapping[str, ItemSums],
) -> tuple[ItemFlag, ...]:
    """The flags of a form's items, worst first; nothing that rests on fewer than 30 people.

    `statistics` are those of the form's long scales by key, `sums` those of its items by key;
    what is missing raises no flag. One item may have several.
    """
    flags = [*_scale_flags(document, form, statistics), *_answer_flags(document, form, sums)]
    order = {code: rank for rank, code in enumerate(WORST_FIRST)}
    return tuple(sorted(flags, key=lambda flag: (order[flag.code], -flag.badness)))


def _scale_flags(
    document: Questionnaire, form: Form, statistics: Mapping[str, ScaleStatistics]
) -> Iterator[ItemFlag]:
    for scale in scales_of(document, form):
        found = statistics.get(scale.key)
        if not scale.is_long or found is None or found.n < MIN_PEOPLE:
            continue
        for key, item in zip(scale.items, found.items, strict=True):
            r, without = item.item_rest_r, item.alpha_if_dropped
            if r is not None and r < HARDLY_RELATES_UNDER:
                code: ItemFlagCode = "runs_against" if r < 0 else "hardly_relates"
                yield ItemFlag(key, code, -r, {"n": found.n, "r": r})
            if found.alpha is not None and without is not None:
                gain = without - found.alpha
                if gain > BETTER_WITHOUT_BY:
                    numbers = {"n": found.n, "alpha": found.alpha, "without": without}
                    yield ItemFlag(key, "better_without", gain, numbers)


def _answer_flags(
    document: Questionnaire, form: Form, sums: Mapping[str, ItemSums]
) -> Iterator[ItemFlag]:
    of_form = {item: sums[item.key] for item in document.items_of(form) if item.key in sums}
    hazards = [found.last_seen / found.shown for found in of_form.values() if found.shown]
    usual = median(hazards) if hazards else 0.0
    for item, found in of_form.items():
        if found.answered >= MIN_PEOPLE:
            yield from _option_flags(item, found)
        if found.shown >= MIN_PEOPLE:
            yield from _skip_flags(item, found, usual)


def _option_flags(item: Item, found: ItemSums) -> Iterator[ItemFlag]:
    n = found.answered
    for option in _options(item):
        share = found.options.get(option, 0) / n
        numbers: Numbers = {"n": n, "option": option, "share": share}
        if share > ONE_OPTION_OVER:
            yield ItemFlag(item.key, "one_option", share, numbers)
        if share < RARE_OPTION_UNDER:
            yield ItemFlag(item.key, "rare_option", -share, numbers)
        if share > MIDDLE_OVER and item.kind == "pair" and option == PAIR_MIDDLE:
            yield ItemFlag(item.key, "middle", share, {"n": n, "share": share})


def _options(item: Item) -> list[str]:
    if item.kind == "pair":
        return [str(value) for value in range(PAIR_MIN, PAIR_MAX + 1)]
    if item.kind == "rating":
        return [str(value) for value in range(RATING_MIN, RATING_MAX + 1)]
    return [option.key for option in item.options]


def _skip_flags(item: Item, found: ItemSums, usual: float) -> Iterator[ItemFlag]:
    skipped, stopped = found.skipped / found.shown, found.last_seen / found.shown
    if skipped > SKIPPED_OVER:
        yield ItemFlag(item.key, "skipped", skipped, {"n": found.shown, "share": skipped})
    if found.last_seen >= DROP_OUT_MIN_PEOPLE and stopped >= DROP_OUT_TIMES * usual:
        numbers = {"n": found.shown, "share": stopped, "median": usual}
        yield ItemFlag(item.key, "drop_out", stopped, numbers)
