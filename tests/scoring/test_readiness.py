import pytest

from assessments.instrument.document import Side, Value
from assessments.scoring import AnswerSheet
from assessments.scoring.readiness import Readiness
from assessments.scoring.uncertainty import Estimate, sem_of_mean
from tests.scoring.documents import pair, questionnaire, rating, scenario
from tests.scoring.reports import profile_on

CELL = questionnaire(
    ["metrics"],
    [
        pair("metrics", 1),
        rating("metrics", "a"),
        rating("metrics", "a", 2),
        rating("metrics", "b"),
        scenario("metrics", "a"),
        scenario("metrics", "mixed", 2),
    ],
)


def readiness(side: Side, **answers: Value) -> Readiness:
    keyed = {f"metrics-{name.replace('_', '-')}": value for name, value in answers.items()}
    (scores,) = profile_on(CELL, AnswerSheet("full", keyed)).dimensions
    return scores.readiness[side]


def test_readiness_is_the_rating():
    assert readiness("b", rating_b=3).estimate == Estimate(3.0, sem_of_mean(1))


def test_an_answered_scenario_counts_a_quarter():
    # Option "one" fits side a by 2 of 2: 4 points on the scale of the rating.
    found = readiness("a", rating_a=2, scenario="one")
    assert found.estimate == Estimate(0.75 * 2 + 0.25 * 4, sem_of_mean(1))
    assert [(p.item, p.value, p.weight, p.amount) for p in found.contributions] == [
        ("metrics-rating-a", 2, 0.75, 1.5),
        ("metrics-scenario", 4, 0.25, 1.0),
    ]


def test_a_scenario_of_one_side_says_nothing_of_the_other():
    assert readiness("b", rating_b=2, scenario="two").estimate == Estimate(2.0, sem_of_mean(1))


def test_a_mixed_scenario_counts_for_both_sides_by_their_own_fit():
    assert readiness("a", rating_a=2, rating_b=2, scenario_2="two").scenario == 0.0
    assert readiness("b", rating_a=2, rating_b=2, scenario_2="two").scenario == 4.0


def test_without_the_rating_there_is_no_readiness():
    assert readiness("a", scenario="one") == Readiness(None, 4.0, None, ())


def test_several_ratings_and_scenarios_count_by_their_means():
    found = readiness("a", rating_a=4, rating_a_2=1, scenario="one", scenario_2="three")
    assert found.estimate == Estimate(0.75 * 2.5 + 0.25 * 3, sem_of_mean(2))
    assert [part.weight for part in found.contributions] == [0.375, 0.375, 0.125, 0.125]


def test_a_skipped_rating_is_missing_not_nought():
    assert readiness("a", rating_a=4, rating_a_2=None).estimate == Estimate(4.0, sem_of_mean(1))


@pytest.mark.parametrize("side", ["a", "b"])
def test_nothing_answered_gives_nothing(side):
    assert readiness(side) == Readiness(None, None, None, ())
