"""Statistics of a scale from its sums; the public table is in tests/test_analyse.py."""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring.item_analysis import scale_statistics
from assessments.scoring.sums import ScaleSums

PEOPLE = [(1, 2, 2), (2, 1, 3), (4, 3, 5), (5, 5, 4), (3, 4, 6)]


def statistics(rows, items=3, **keys):
    return scale_statistics(ScaleSums.of(items, rows), **keys)


def test_a_small_scale_can_be_followed_by_hand():
    found = statistics(PEOPLE)
    # Variances 2.5 each; covariances 2, 1.5 and 1.5: T = 7.5 + 10 = 17.5.
    assert found.n == 5
    assert found.alpha == pytest.approx(3 / 2 * (1 - 7.5 / 17.5))
    assert found.mean == pytest.approx(10 / 3)
    assert found.sd == pytest.approx(math.sqrt(17.5) / 3)
    assert found.sem_sum == pytest.approx(math.sqrt(17.5 * (1 - found.alpha)))
    assert found.sem_mean == pytest.approx(found.sem_sum / 3)
    first = found.items[0]
    assert (first.mean, first.sd) == (3.0, pytest.approx(math.sqrt(2.5)))
    # The rest of the first item: variance 2.5 + 2.5 + 2 × 1.5 = 8, covariance 3.5.
    assert first.item_rest_r == pytest.approx(3.5 / math.sqrt(2.5 * 8))
    assert first.alpha_if_dropped == pytest.approx(2 * (1 - 5 / 8))


def test_a_reversed_item_counts_as_if_it_had_been_keyed():
    raw = [(one, 6 - other, third) for one, other, third in PEOPLE]
    assert statistics(raw, reversed_items={1}, ends=6) == statistics(PEOPLE)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(*[st.integers(1, 6)] * 4), min_size=2, max_size=30),
    st.sets(st.integers(0, 3)),
)
def test_reversing_from_sums_equals_reversing_each_answer(rows, turned):
    keyed = [tuple(7 - x if j in turned else x for j, x in enumerate(row)) for row in rows]
    assert statistics(rows, 4, reversed_items=turned, ends=7) == statistics(keyed, 4)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=3, max_size=20),
    st.tuples(*[st.integers(-2, 2)] * 3),
)
def test_statistics_after_removing_a_person_are_those_of_never_having_had_them(rows, person):
    added_and_removed = ScaleSums.of(3, [*rows, person]).minus(person)
    assert scale_statistics(added_and_removed) == statistics(rows)


def test_items_that_contradict_each_other_have_a_negative_alpha():
    found = statistics([(1, 5), (2, 4), (5, 2), (4, 1)], 2)
    assert found.alpha < 0
    assert found.alpha_interval.low < found.alpha < found.alpha_interval.high
    assert found.sem_sum == pytest.approx(found.sd * 2 * math.sqrt(1 - found.alpha))
    assert [item.item_rest_r for item in found.items] == [pytest.approx(-0.9)] * 2


def test_two_items_have_no_omega_and_nothing_to_drop():
    found = statistics([(1, 1), (2, 3), (3, 2)], 2)
    assert found.alpha is not None
    assert (found.omega, found.is_heywood) == (None, False)
    assert [item.alpha_if_dropped for item in found.items] == [None, None]


def test_one_item_has_a_mean_and_nothing_to_agree_with():
    found = statistics([(1,), (3,)], 1)
    assert (found.mean, found.sd, found.alpha, found.sem_sum) == (2.0, math.sqrt(2), None, None)
    assert (found.items[0].item_rest_r, found.items[0].alpha_if_dropped) == (None, None)


@pytest.mark.parametrize("rows", [[], [(1, 2, 3)], [(1, 2, 3)] * 5])
def test_where_nothing_varies_nothing_is_said(rows):
    found = statistics(rows)
    assert (found.alpha, found.alpha_interval, found.omega) == (None, None, None)
    assert {item.item_rest_r for item in found.items} == {None}
    assert {item.alpha_if_dropped for item in found.items} == {None}


def test_items_that_cancel_out_have_no_alpha():
    found = statistics([(0, 2), (1, 1), (2, 0)], 2)
    assert (found.alpha, found.sd) == (None, 0.0)


def test_an_item_that_everybody_answers_alike_relates_to_nothing():
    found = statistics([(1, 2, 2), (2, 1, 2), (3, 3, 2), (1, 1, 2)])
    assert found.items[2].item_rest_r is None
    assert found.items[2].alpha_if_dropped > found.alpha
    assert found.is_heywood is True


def test_a_hundred_thousand_people_are_as_exact_as_ten():
    rng = Random("many")
    rows = [tuple(min(4, max(0, round(rng.gauss(2, 1)))) for _ in range(4)) for _ in range(500)]
    once, often = ScaleSums.of(4, rows), ScaleSums.empty(4)
    for _ in range(200):
        often = often.merged(once)
    few, many = scale_statistics(once), scale_statistics(often)
    assert many.n == 100_000
    # Alpha and r know no n; an SD goes from n - 1 = 499 to 99,999.
    assert many.alpha == few.alpha
    assert many.items[0].item_rest_r == few.items[0].item_rest_r
    assert many.sd == pytest.approx(few.sd * math.sqrt(499 * 200 / 99_999), rel=1e-14)
