import math

import pytest

from assessments.scoring.uncertainty import (
    Estimate,
    chance_below,
    sem_of_mean,
    standard_deviation,
    weighted_mean,
)


@pytest.mark.parametrize(("answered", "sem"), [(1, 0.837), (2, 0.592)])
def test_the_sem_of_a_mean_shrinks_with_the_items_answered(answered, sem):
    assert round(sem_of_mean(answered), 3) == sem


def test_all_14_preferences_have_the_sem_of_measurement_3():
    weights = [0.5] * 3 + [1.0] * 11
    overall = weighted_mean([(weight, Estimate(1.0, sem_of_mean(2))) for weight in weights])
    assert overall is not None
    assert round(overall.sem, 3) == 0.162


def test_all_14_ratings_have_the_sem_of_measurement_3():
    overall = weighted_mean([(1.0, Estimate(3.0, sem_of_mean(1)))] * 14)
    assert overall is not None
    assert round(overall.sem, 3) == 0.224


def test_a_half_weight_counts_half():
    assert weighted_mean([(0.5, Estimate(2.0, 0.1)), (1.0, Estimate(-1.0, 0.1))]) == Estimate(
        0.0, math.sqrt(0.0125) / 1.5
    )


def test_a_mean_of_nothing_is_nothing():
    assert weighted_mean([]) is None


def test_the_likely_range_is_80_percent_of_a_normal_distribution():
    estimate = Estimate(1.0, 0.5)
    assert (estimate.low, estimate.high) == (1 - 0.6408, 1 + 0.6408)
    assert round(chance_below(1.2816) - chance_below(-1.2816), 4) == 0.8


@pytest.mark.parametrize(("value", "excludes"), [(1.0, True), (-1.0, True), (0.6, False)])
def test_a_range_excludes_zero_when_it_lies_on_one_side(value, excludes):
    assert Estimate(value, 0.5).excludes_zero is excludes


def test_the_standard_deviation_divides_by_n_minus_1():
    assert standard_deviation([1.0, 2.0, 3.0]) == 1.0
    assert standard_deviation([1.0]) is None
