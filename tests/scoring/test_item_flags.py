"""Which items editors are told to look at: by hand, and on simulated takers."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from assessments.instrument.document import Value
from assessments.scoring.item_analysis import (
    ItemStatistics,
    ScaleStatistics,
    scale_statistics,
)
from assessments.scoring.item_flags import item_flags
from assessments.scoring.scales import scales_of
from assessments.scoring.sums import ItemSums, ScaleSums, Showing
from tests.cast import shipped_questionnaire

DOCUMENT = shipped_questionnaire()
FULL = DOCUMENT.form["full"]
LONG_SCALES = [scale for scale in scales_of(DOCUMENT, FULL) if scale.is_long]
PAIRS = next(scale for scale in LONG_SCALES if scale.key == "pairs")
TAKERS = 500
BETWEEN_ITEMS, WITHIN_DIMENSION = 0.15, 0.30


# --- By hand ------------------------------------------------------------------------------------


def statistics(n: int = 300, alpha: float = 0.80, **by_item: dict[str, float]) -> Any:
    """Good statistics of all pairs, with others for some items (`_` for `-` in their keys)."""
    good = {"mean": 0.0, "sd": 1.0, "item_rest_r": 0.4, "alpha_if_dropped": alpha - 0.01}
    of_item = {key.replace("_", "-"): numbers for key, numbers in by_item.items()}
    items = tuple(ItemStatistics(**{**good, **of_item.get(key, {})}) for key in PAIRS.items)
    found = ScaleStatistics(n, alpha, None, None, False, 1.0, 1.0, 0.0, 1.0, items)
    return {"pairs": found}


def sums(
    options: Mapping[str, int], skipped: int = 0, last_seen: int = 0, unseen: int = 0
) -> ItemSums:
    answered = sum(options.values())
    return ItemSums(
        shown=answered + skipped + unseen,
        answered=answered,
        skipped=skipped,
        last_seen=last_seen,
        options=options,
    )


SPREAD = {"-2": 20, "-1": 20, "0": 20, "1": 20, "2": 20}


def told(statistics: Any, of_items: Mapping[str, ItemSums]) -> list[tuple[str, str]]:
    found = item_flags(DOCUMENT, FULL, statistics, of_items)
    return [(flag.item, flag.code) for flag in found]


def test_good_items_are_not_flagged():
    everywhere = {key: sums(SPREAD) for key in PAIRS.items}
    assert told(statistics(), everywhere) == []
    assert told({}, {}) == []


@pytest.mark.parametrize(
    ("r", "codes"),
    [(-0.01, ["runs_against"]), (0.0, ["hardly_relates"]), (0.149, ["hardly_relates"]),
     (0.15, []), (None, [])],
)  # fmt: skip
def test_an_item_is_flagged_by_what_it_has_to_do_with_the_rest(r, codes):
    found = told(statistics(metrics_pair_1={"item_rest_r": r}), {})
    assert found == [("metrics-pair-1", code) for code in codes]


@pytest.mark.parametrize(
    ("without", "is_flagged"), [(0.8099, False), (0.8101, True), (None, False)]
)
def test_an_item_is_flagged_if_alpha_is_better_without_it(without, is_flagged):
    found = told(statistics(metrics_pair_1={"alpha_if_dropped": without}), {})
    assert found == [("metrics-pair-1", "better_without")] * is_flagged


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({"-2": 81, "-1": 4, "0": 5, "1": 5, "2": 5}, ["one_option"]),
        ({"-2": 80, "-1": 5, "0": 5, "1": 5, "2": 5}, []),
        ({"-2": 12, "-1": 12, "0": 51, "1": 12, "2": 13}, ["middle"]),
        ({"-2": 12, "-1": 13, "0": 50, "1": 12, "2": 13}, []),
        ({"-2": 1, "-1": 40, "0": 20, "1": 37, "2": 2}, ["rare_option"]),
        ({"-1": 40, "0": 20, "1": 40}, ["rare_option", "rare_option"]),
    ],
)
def test_a_pair_is_flagged_by_how_its_answers_fall(options, codes):
    found = told({}, {"metrics-pair-1": sums(options)})
    assert found == [("metrics-pair-1", code) for code in codes]


def test_the_middle_is_no_matter_in_a_rating():
    ratings = {"0": 10, "1": 10, "2": 60, "3": 10, "4": 10}
    assert told({}, {"metrics-did-a": sums(ratings)}) == []


def test_the_options_of_a_scenario_are_looked_at_by_their_keys():
    scenario = next(item for item in DOCUMENT.items if item.kind == "scenario")
    first, *others = [option.key for option in scenario.options]
    found = item_flags(DOCUMENT, FULL, {}, {scenario.key: sums({first: 50})})
    assert [(flag.code, flag.numbers["option"]) for flag in found] == [
        ("one_option", first),
        *(("rare_option", key) for key in others),
    ]


@pytest.mark.parametrize(("skipped", "is_flagged"), [(11, False), (12, True)])
def test_an_item_is_flagged_if_over_ten_percent_skip_it(skipped, is_flagged):
    found = told({}, {"metrics-pair-1": sums(SPREAD, skipped=skipped)})
    assert found == [("metrics-pair-1", "skipped")] * is_flagged


@pytest.mark.parametrize(("last", "is_flagged"), [(9, False), (10, True)])
def test_an_item_is_flagged_if_twice_as_many_stop_there_as_elsewhere(last, is_flagged):
    everywhere = {key: sums(SPREAD, last_seen=5) for key in PAIRS.items}
    everywhere["metrics-pair-1"] = sums(SPREAD, last_seen=last)
    assert told({}, everywhere) == [("metrics-pair-1", "drop_out")] * is_flagged


@pytest.mark.parametrize(("last", "is_flagged"), [(4, False), (5, True)])
def test_where_hardly_anybody_stops_five_people_make_a_flag(last, is_flagged):
    everywhere = {key: sums(SPREAD) for key in PAIRS.items}
    everywhere["metrics-pair-1"] = sums(SPREAD, last_seen=last)
    assert told({}, everywhere) == [("metrics-pair-1", "drop_out")] * is_flagged


def test_nothing_is_flagged_under_30_people():
    bad = {"item_rest_r": -0.5, "alpha_if_dropped": 0.95}
    assert told(statistics(n=29, metrics_pair_1=bad), {}) == []
    assert len(told(statistics(n=30, metrics_pair_1=bad), {})) == 2
    assert told({}, {"metrics-pair-1": sums({"0": 29})}) == []
    others = {key: sums(SPREAD) for key in PAIRS.items}
    assert told({}, others | {"metrics-pair-1": sums({"0": 25}, skipped=4, last_seen=5)}) == []
    enough = told({}, others | {"metrics-pair-1": sums({"0": 25}, skipped=5, last_seen=5)})
    assert enough == [("metrics-pair-1", "skipped"), ("metrics-pair-1", "drop_out")]
    assert told({}, {"metrics-pair-1": ItemSums()}) == []


def test_the_worst_come_first_with_the_numbers_that_words_need():
    found = item_flags(
        DOCUMENT,
        FULL,
        statistics(
            design_pair_1={"item_rest_r": 0.10},
            design_pair_2={"item_rest_r": -0.1},
            metrics_pair_1={"item_rest_r": -0.3, "alpha_if_dropped": 0.85},
        ),
        {"metrics-pair-2": sums({"-1": 20, "0": 70, "1": 30}, skipped=20)},
    )
    assert [(flag.item, flag.code) for flag in found] == [
        ("metrics-pair-1", "runs_against"),
        ("design-pair-2", "runs_against"),
        ("design-pair-1", "hardly_relates"),
        ("metrics-pair-2", "middle"),
        ("metrics-pair-2", "skipped"),
        ("metrics-pair-1", "better_without"),
        ("metrics-pair-2", "rare_option"),
        ("metrics-pair-2", "rare_option"),
    ]
    assert found[0].numbers == {"n": 300, "r": -0.3}
    assert found[3].numbers == {"n": 120, "share": 70 / 120}
    assert found[4].numbers == {"n": 140, "share": 20 / 140}
    assert found[5].numbers == {"n": 300, "alpha": 0.80, "without": 0.85}
    assert found[6].numbers == {"n": 120, "option": "-2", "share": 0.0}


def test_only_the_long_scales_raise_flags():
    bad = ItemStatistics(0.0, 1.0, -0.5, 0.9)
    short = ScaleStatistics(300, 0.1, None, None, False, 1.0, 1.0, 0.0, 1.0, (bad, bad))
    assert told({"pairs:dimension:metrics": short}, {}) == []


# --- Simulated takers ---------------------------------------------------------------------------


def takers(seed: int) -> list[dict[str, Value]]:
    """Answers to all pairs and ratings of the full form.

    What lies behind two items of a kind (pairs, or ratings of a side) correlates .15, within a
    dimension .30; five positions are cut out of it at ±.5 and ±1.5 standard deviations.
    """
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {}
    for scale in LONG_SCALES:
        common = rng.standard_normal(TAKERS)
        of_dimension = {key: rng.standard_normal(TAKERS) for key in DOCUMENT.dimension}
        for key in scale.items:
            behind = (
                math.sqrt(BETWEEN_ITEMS) * common
                + math.sqrt(WITHIN_DIMENSION - BETWEEN_ITEMS)
                * of_dimension[DOCUMENT.item[key].dimension]
                + math.sqrt(1 - WITHIN_DIMENSION) * rng.standard_normal(TAKERS)
            )
            position = np.digitize(behind, [-1.5, -0.5, 0.5, 1.5])
            columns[key] = (position + scale.low).tolist()
    return [
        dict(zip(columns, answers, strict=True)) for answers in zip(*columns.values(), strict=True)
    ]


def flagged(people: list[dict[str, Value]]) -> Iterator[tuple[str, str]]:
    by_scale = {}
    for scale in LONG_SCALES:
        rows = [row for answers in people if (row := scale.row(answers))]
        by_scale[scale.key] = scale_statistics(ScaleSums.of(len(scale.items), rows))
    by_item = {
        key: ItemSums.of([Showing(answers[key]) for answers in people]) for key in people[0]
    }
    for flag in item_flags(DOCUMENT, FULL, by_scale, by_item):
        yield flag.item, flag.code


def running_against(people: list[dict[str, Value]]) -> list[str]:
    return [item for item, code in flagged(people) if code == "runs_against"]


@pytest.mark.parametrize("wrong", ["metrics-pair-1", "stakeholders-did-a", "design-did-b"])
def test_of_500_takers_exactly_the_item_with_the_wrong_key_runs_against_its_scale(wrong):
    people = takers(seed=5)
    ends = 0 if DOCUMENT.item[wrong].kind == "pair" else 4
    for answers in people:
        answers[wrong] = ends - answers[wrong]
    assert running_against(people) == [wrong]


def test_of_clean_takers_hardly_an_item_runs_against_its_scale():
    assert share_running_against(seeds=range(5)) <= 0.05


@pytest.mark.soak
def test_of_a_hundred_clean_samples_hardly_an_item_runs_against_its_scale():
    assert share_running_against(seeds=range(100)) <= 0.05


def share_running_against(seeds: range) -> float:
    items = sum(len(scale.items) for scale in LONG_SCALES)
    found = [key for seed in seeds for key in running_against(takers(seed))]
    return len(found) / (items * len(seeds))
