"""Answer quality: one test or more for every line of measurement's table."""

from itertools import cycle
from random import Random

import pytest

from assessments.instrument.document import Pair, Questionnaire
from assessments.scoring import AnswerSheet
from tests.scoring.documents import CLUSTER_OF, form, full_size, pair, questionnaire, rating
from tests.scoring.reports import flag, flags, report_on
from tests.scoring.takers import clicking, sheet, taken_by, with_answers, without

TABLE = ("missing", "speed", "same_position", "contradiction", "yes_saying", "flat")


def good(document: Questionnaire, form: str = "full") -> AnswerSheet:
    """Somebody with a clear lean, plain about what they have not done yet."""
    given = sheet(document, form=form, pairs=1, ratings=2, scenarios="three")
    if form == "short":
        return given
    return with_answers(given, {"metrics-pair-1": -1, "metrics-pair-2": -1})


def pairs_of(document: Questionnaire, form: str) -> list[Pair]:
    return [item for item in document.items_of(document.form[form]) if item.kind == "pair"]


def choosing(document: Questionnaire, choices: str, form: str = "full") -> AnswerSheet:
    """The pairs answered by screen position in the order presented; "-" is a skip."""
    answers = {
        item.key: None if choice == "-" else item.value_of(choice)
        for item, choice in zip(pairs_of(document, form), choices, strict=True)
    }
    return with_answers(good(document, form), answers)


def timed(given: AnswerSheet, *seconds: float) -> AnswerSheet:
    return AnswerSheet(
        given.form, given.answers, dict(zip(given.answers, cycle(seconds), strict=False))
    )


def test_good_answers_have_no_flags_and_high_quality(document):
    report = report_on(document, good(document))
    assert (report.quality.level, report.quality.flags) == ("high", ())


# missing


def test_over_20_percent_unanswered_is_low(document):
    keys = document.form["full"].item_keys[-13:]
    report = report_on(document, without(good(document), keys))
    assert report.quality.level == "low"
    found = flag(report, "missing")
    assert found is not None
    assert found.detail == {"unanswered": 13, "asked": 64}


def test_a_fifth_unanswered_is_borne(document):
    keys = document.form["short"].item_keys[-3:]
    assert flags(report_on(document, without(good(document, "short"), keys))) == {}


# speed


@pytest.mark.parametrize(
    ("seconds", "level"), [(1.99, "low"), (2.0, "medium"), (2.99, "medium"), (3.0, None)]
)
def test_fast_answers_are_flagged_by_their_median(document, seconds, level):
    report = report_on(document, timed(good(document), 0.1, seconds, 60))
    found = flag(report, "speed")
    assert (found and found.level) == level


def test_speed_is_judged_over_answers_not_skips(document):
    given = with_answers(good(document), {"metrics-pair-1": None, "metrics-pair-2": 1})
    given = AnswerSheet("full", given.answers, {"metrics-pair-1": 9, "metrics-pair-2": 1})
    found = flag(report_on(document, given), "speed")
    assert found is not None
    assert found.detail == {"median_seconds": 1.0, "answers": 1}


def test_without_seconds_there_is_no_speed_flag(document):
    assert flag(report_on(document, good(document)), "speed") is None


# same position


def test_one_position_throughout_is_low(document):
    report = report_on(document, clicking(document, "5"))
    found = flag(report, "same_position")
    assert found is not None
    assert found.level == "low"
    assert found.detail == {"at_one_position": 28, "answered": 28, "longest_run": 28}


def test_the_middle_throughout_is_not_one_position(document):
    assert flag(report_on(document, clicking(document, "3")), "same_position") is None


@pytest.mark.parametrize(
    ("choices", "is_flagged"),
    [
        ("5515155515" + "5515551555" + "51555551", False),  # 21 of 28 are 75 %
        ("5555155555" + "1555551555" + "51555155", True),  # 23 of 28 are 82 %
        ("1122455555" + "5555511224" + "11224112", True),  # ten 5s in a row
        ("1122455555" + "5555111224" + "11224112", False),  # nine
        ("1122455555" + "-555551122" + "41122411", False),  # a skip breaks the run
        ("1122433333" + "3333311224" + "11224112", False),  # the middle is no position
    ],
)
def test_same_position_takes_80_percent_or_ten_in_a_row(document, choices, is_flagged):
    assert ("same_position" in flags(report_on(document, choosing(document, choices)))) is (
        is_flagged
    )


@pytest.mark.parametrize(
    ("choices", "is_flagged"),
    [
        ("5551" * 5 + "55555---", True),  # 20 of 25
        ("5551" * 5 + "5555----", False),  # 19 of 24
    ],
)
def test_the_share_is_of_the_answered_pairs(document, choices, is_flagged):
    found = flags(report_on(document, choosing(document, choices)))
    assert ("same_position" in found) is is_flagged


@pytest.mark.parametrize(
    ("choices", "is_flagged"),
    [
        ("4444442", True),
        ("2444444", True),
        ("4442444", True),  # 6 of 7 are 86 %
        ("4442442", False),
        ("444-421", False),
        ("44-44-4", True),  # 5 of the 5 answered
        ("44--4-4", False),  # four are too few to see anything
    ],
)
def test_on_the_short_form_six_of_seven_are_enough(document, choices, is_flagged):
    report = report_on(document, choosing(document, choices, "short"))
    assert ("same_position" in flags(report)) is is_flagged


def test_a_run_on_a_form_with_fewer_than_ten_pairs_is_all_but_one():
    pairs = [pair("metrics", number) for number in range(9)]
    document = questionnaire(["metrics"], pairs)
    answers = {
        item.key: item.value_of(choice)
        for item, choice in zip(pairs_of(document, "full"), "222222221", strict=True)
    }
    found = flag(report_on(document, AnswerSheet("full", answers)), "same_position")
    assert found is not None
    assert found.detail == {"at_one_position": 8, "answered": 9, "longest_run": 8}


# contradiction


def contradicting(document: Questionnaire, *differences: int) -> AnswerSheet:
    """Dimension by dimension, in the document's order, two pairs so far apart."""
    given = good(document)
    for index, (key, difference) in enumerate(zip(CLUSTER_OF, differences, strict=False)):
        low = -2 if index % 2 else 2 - difference
        given = with_answers(given, {f"{key}-pair-1": low, f"{key}-pair-2": low + difference})
    return given


@pytest.mark.parametrize(
    ("differences", "level"),
    [
        ((2,) * 9 + (0,) * 5, "low"),  # 18 / 14 = 1.29
        ((2,) * 8 + (1,) + (0,) * 5, "medium"),  # 17 / 14 = 1.21
        ((2,) * 7 + (1,) + (0,) * 6, "medium"),  # 15 / 14 = 1.07
        ((2,) * 7 + (0,) * 7, None),  # 14 / 14
    ],
)
def test_pairs_that_contradict_each_other_are_flagged_by_their_mean(document, differences, level):
    assert flags(report_on(document, contradicting(document, *differences))).get(
        "contradiction"
    ) == (level)


def test_contradiction_needs_eight_dimensions_with_both_pairs_answered(document):
    given = contradicting(document, *(2,) * 8)
    six = [f"{key}-pair-1" for key in list(CLUSTER_OF)[8:]]
    seven = [*six, f"{next(iter(CLUSTER_OF))}-pair-1"]
    found = flag(report_on(document, without(given, six)), "contradiction")
    assert found is not None
    assert found.detail == {"mean_difference": 2.0, "dimensions": 8}
    assert "contradiction" not in flags(report_on(document, without(given, seven)))


def test_with_three_pairs_a_dimension_the_differences_between_all_of_them_count():
    keys = list(CLUSTER_OF)[:8]
    pairs = [pair(key, number) for key in keys for number in (1, 2, 3)]
    document = questionnaire(keys, pairs)
    values = dict(zip(document.item, cycle((-1, 0, 1)), strict=False))
    found = flag(report_on(document, AnswerSheet("full", values)), "contradiction")
    assert found is not None
    assert found.detail == {"mean_difference": 1.333333, "dimensions": 8}


# yes-saying


def test_top_ratings_throughout_are_medium(document):
    given = sheet(document, pairs=1, ratings=4)
    found = flag(report_on(document, given), "yes_saying")
    assert found is not None
    assert (found.level, found.detail) == ("medium", {"mean": 4.0, "sd": 0.0})


@pytest.mark.parametrize(
    ("option", "above", "level"),
    [("four", 4.0, "low"), ("three", 2.0, "low"), ("one", 2.0, "low")],
)
def test_top_ratings_far_above_the_scenarios_are_low(document, option, above, level):
    given = sheet(document, pairs=1, ratings=4, scenarios=option)
    found = flag(report_on(document, given), "yes_saying")
    assert found is not None
    assert (found.level, found.detail and found.detail["above_scenarios"]) == (level, above)


def test_top_ratings_that_the_scenarios_bear_out_stay_medium(document):
    best = {"a": "one", "b": "two", "mixed": "three"}
    answers = {i.key: best[i.setting] for i in document.items if i.kind == "scenario"}
    given = with_answers(sheet(document, pairs=1, ratings=4), answers)
    found = flag(report_on(document, given), "yes_saying")
    assert found is not None
    # Three cells of each side at 4, the four of the mixed ones at 2: 3.2 a cell.
    assert found.level == "medium"
    assert found.detail == {"mean": 4.0, "sd": 0.0, "above_scenarios": 0.8}


def test_high_ratings_that_vary_are_not_yes_saying(document):
    given = sheet(document, pairs=1, ratings=4)
    low = dict.fromkeys((f"{key}-rating-a" for key in list(CLUSTER_OF)[:4]), 1)
    assert "yes_saying" not in flags(report_on(document, with_answers(given, low)))


def test_even_ratings_that_are_not_high_are_not_yes_saying(document):
    assert flags(report_on(document, sheet(document, pairs=1, ratings=3, scenarios="three"))) == {}


def test_one_rating_alone_is_not_yes_saying():
    document = questionnaire(["metrics"], [pair("metrics", 1), rating("metrics", "a")])
    assert flags(report_on(document, sheet(document, pairs=2, ratings=4))) == {}


# flat


def test_preferences_near_zero_throughout_are_flat(document):
    report = report_on(document, sheet(document, pairs=0, ratings=2, scenarios="three"))
    found = flag(report, "flat")
    assert found is not None
    assert (found.level, found.detail) == ("own", {"preference": 0.0, "spread": 0.0})
    assert report.quality.level == "high"


@pytest.mark.parametrize("value", [-1, 1])
def test_preferences_that_lean_together_are_not_flat(document, value):
    assert "flat" not in flags(report_on(document, sheet(document, pairs=value, ratings=2)))


def test_preferences_that_differ_are_not_flat(document):
    given = sheet(document, ratings=2, scenarios="three")
    for index, key in enumerate(CLUSTER_OF):
        value = -1 if index < 7 else 1
        given = with_answers(given, {f"{key}-pair-1": value, f"{key}-pair-2": value})
    assert flags(report_on(document, given)) == {}


# the level


def test_two_mediums_are_low(document):
    given = timed(sheet(document, pairs=1, ratings=4), 2.5)
    given = with_answers(given, dict.fromkeys(k for k in given.answers if "scenario" in k))
    report = report_on(document, given)
    assert flags(report) == {"speed": "medium", "yes_saying": "medium"}
    assert report.quality.level == "low"


def test_one_medium_is_medium(document):
    report = report_on(document, timed(good(document), 2.5))
    assert report.quality.level == "medium"


def test_flags_come_in_the_order_of_the_table(document):
    skipped = [item.key for item in pairs_of(document, "full")[21:]]
    skipped += [f"{key}-rating-a" for key in CLUSTER_OF]
    given = with_answers(
        sheet(document, ratings=4, scenarios="four"),
        {item.key: item.value_of("5") for item in pairs_of(document, "full")},
    )
    given = timed(without(given, skipped), 1.0)
    assert flags(report_on(document, given)) == {
        "missing": "low",
        "speed": "low",
        "same_position": "low",
        "yes_saying": "low",
    }
    assert list(flags(report_on(document, given))) == sorted(
        flags(report_on(document, given)), key=TABLE.index
    )


# forms without rows


def test_a_capped_form_is_medium_at_most_without_a_flag(document):
    report = report_on(document, good(document, "short"))
    assert (report.quality.level, report.quality.flags) == ("medium", ())


def test_a_flat_profile_is_flat_on_a_form_without_rows_too(document):
    flat = sheet(document, form="short", pairs=0, ratings=2)
    assert flags(report_on(document, flat)) == {"flat": "own"}


def test_a_form_without_rows_is_not_asked_for_contradiction_or_yes_saying(document):
    top = sheet(document, form="short", pairs=1, ratings=4)
    assert flags(report_on(document, top)) == {}
    keys = list(CLUSTER_OF)
    pairs = [pair(key, number) for key in keys for number in (1, 2)]
    plain = form("full", [item["key"] for item in pairs], rows=False)
    document = questionnaire(keys, pairs, forms=[plain])
    answers = {item["key"]: 2 if item["key"].endswith("1") else -1 for item in pairs}
    assert flags(report_on(document, AnswerSheet("full", answers))) == {}


# by simulation


def _share_of_low(style: str) -> float:
    document, random = full_size(), Random(20)
    sheets = [taken_by(style, document, "full", random) for _ in range(400)]
    levels = [report_on(document, given).quality.level for given in sheets]
    return levels.count("low") / len(levels)


def test_random_takers_are_low_at_least_four_times_in_five():
    assert _share_of_low("random") >= 0.80


def test_steady_takers_are_low_at_most_one_time_in_ten():
    assert _share_of_low("steady") <= 0.10
